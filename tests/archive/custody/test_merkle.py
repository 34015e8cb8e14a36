"""The Merkle tree against the published examples of RFC 6962 and against itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.custody.merkle import (
    consistency_proof,
    grow,
    inclusion_proof,
    leaf_hash,
    root,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots that Certificate Transparency's own test suite uses for RFC 6962 §2.1.
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    leaves = [leaf_hash(each) for each in LEAVES[:size]]
    assert root(leaves).hex() == ROOTS[size - 1]
    frontier: list[bytes] = []
    for position, leaf in enumerate(leaves):
        frontier = grow(frontier, position, leaf)
    assert root_of(frontier).hex() == ROOTS[size - 1]


@given(st.integers(1, 70), st.data())
def test_every_leaf_has_a_proof_and_no_other_leaf_has_it(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert len(proof) <= size.bit_length()
    assert verify_inclusion(leaves[index], index, size, proof, root(leaves))
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root(leaves))
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root(leaves))
    if size > 1:
        assert not verify_inclusion(leaves[index], (index + 1) % size, size, proof, root(leaves))


@given(st.integers(1, 60), st.integers(0, 60))
def test_a_longer_log_contains_the_shorter_one(old: int, more: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(old + more)]
    before, after = root(leaves[:old]), root(leaves)
    proof = consistency_proof(leaves, old)
    assert verify_consistency(old, old + more, before, after, proof)
    if more:
        changed = root([leaf_hash(b"forged"), *leaves[1:old]])
        assert not verify_consistency(old, old + more, changed, after, proof)
