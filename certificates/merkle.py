"""The mathematics of the register log: Merkle trees as in RFC 9162 section 2.1. Pure.

A proof is the list of hashes that lets somebody with one leaf, or an older root, work out the newer root.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows: it keeps the root of each full subtree, largest first, and nothing else."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != size.bit_count():
            raise ValueError("A tree of this size has another number of full subtrees.")

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        root, full = leaf, self.size
        while full & 1:
            root = node_hash(self.roots.pop(), root)
            full >>= 1
        self.roots.append(root)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.roots:
            return EMPTY_ROOT
        *larger, root = self.roots
        for left in reversed(larger):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What shows that leaf `index` is in the tree over `leaves`."""
    if not 0 <= index < len(leaves):
        raise ValueError("There is no such leaf.")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split])]


def consistency_proof(leaves: Sequence[bytes], older_size: int) -> list[bytes]:
    """What shows that the tree over the first `older_size` leaves is a beginning of the tree over all."""
    if not 0 < older_size <= len(leaves):
        raise ValueError("There was no such tree.")
    return _subproof(leaves, older_size, is_whole=True)


def includes(leaf: bytes, index: int, *, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves under `root`."""
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    here, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(step, found)
            here, last = _up_while_even(here, last)
        else:
            found = node_hash(found, step)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(*, older_size: int, older_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree under `older_root` is a beginning of the tree under `root`."""
    if older_size == size:
        return size > 0 and not proof and older_root == root
    if not 0 < older_size < size or not proof or not _are_hashes([older_root, root, *proof]):
        return False
    steps = [older_root, *proof] if older_size & (older_size - 1) == 0 else list(proof)
    roots = _both_roots(older_size - 1, size - 1, steps)
    return roots == (older_root, root)


def _both_roots(here: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    """The older and the newer root that the steps of a consistency proof lead to."""
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            here, last = _up_while_even(here, last)
        else:
            newer = node_hash(newer, step)
        here, last = here >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _up_while_even(here: int, last: int) -> tuple[int, int]:
    """Climb past the levels on which the right-hand edge of the tree has no sibling."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _subproof(leaves: Sequence[bytes], older_size: int, *, is_whole: bool) -> list[bytes]:
    if older_size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = _split(len(leaves))
    if older_size <= split:
        return [*_subproof(leaves[:split], older_size, is_whole=is_whole), root_of(leaves[split:])]
    return [*_subproof(leaves[split:], older_size - split, is_whole=False), root_of(leaves[:split])]


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == len(EMPTY_ROOT) for value in values)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
