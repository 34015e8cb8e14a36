"""The Merkle tree of RFC 6962 §2.1: roots, inclusion and consistency proofs, and their verification (RFC 9162 §2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The whole tree over leaf hashes, level by level, the root last; a node without a partner moves up as it is.

    Made once, it gives any number of audit paths.
    """
    found = [list(leaves)]
    while len(below := found[-1]) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        odd = below[-1:] if len(below) & 1 else []
        found.append([*(node_hash(left, right) for left, right in pairs), *odd])
    return found


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree over leaf hashes."""
    return levels(leaves)[-1][0] if leaves else EMPTY


def audit_path(tree: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` of a tree from `levels`: at most log2 of the tree's size hashes."""
    path = []
    for level in tree[:-1]:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index >>= 1
    return path


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index`."""
    return audit_path(levels(leaves), index)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `leaf` is at `index` of the tree of `size` leaves with the root `expected` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    return last == 0 and found == expected


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Shows that the tree over the first `old_size` leaves is the beginning of this one."""
    return _subproof(leaves, old_size, whole=True) if 0 < old_size < len(leaves) else []


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the newer tree only added leaves to the older one (RFC 9162 §2.1.4.2)."""
    if old_size == new_size:
        return old_root == new_root and not proof
    if not 0 < old_size < new_size or not proof:
        return False
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, step)
        position, last = position >> 1, last >> 1
    return first == old_root and second == new_root and last == 0


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, whole=whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, whole=False), root(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def grow(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The subtree roots that a tree of `size` leaves needs to remember, after one more leaf; largest first."""
    grown = [*frontier, leaf]
    while size & 1:
        right, left = grown.pop(), grown.pop()
        grown.append(node_hash(left, right))
        size >>= 1
    return grown


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root of the tree with these subtree roots."""
    if not frontier:
        return EMPTY
    found = frontier[-1]
    for left in reversed(frontier[:-1]):
        found = node_hash(left, found)
    return found
