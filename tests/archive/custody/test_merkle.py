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


# Inner nodes of that tree, as the suite's proofs name them.
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

INCLUSION = [
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], B, D]),
]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D])]


@pytest.mark.parametrize(("index", "size", "published"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, published: list[str]) -> None:
    leaves = [leaf_hash(each) for each in LEAVES[:size]]
    assert [step.hex() for step in inclusion_proof(leaves, index)] == published


@pytest.mark.parametrize(("old", "new", "published"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, new: int, published: list[str]) -> None:
    leaves = [leaf_hash(each) for each in LEAVES[:new]]
    proof = consistency_proof(leaves, old)
    assert [step.hex() for step in proof] == published
    assert verify_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


def test_the_empty_tree_has_the_published_root() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


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
