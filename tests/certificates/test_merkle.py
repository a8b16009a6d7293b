"""The log's mathematics against vectors by strangers, and against a plain definition."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import merkle

VECTORS = Path(__file__).parent.parent / "data" / "merkle"


def cases(name: str) -> list[Any]:
    vectors = json.loads((VECTORS / name).read_text())
    return [pytest.param(vector, id=vector["case"]) for vector in vectors]


def unpacked(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def steps(vector: dict[str, Any]) -> list[bytes]:
    return [unpacked(step) for step in vector["proof"] or []]


@pytest.mark.parametrize("vector", cases("inclusion.json"))
def test_inclusion_vectors_of_strangers(vector: dict[str, Any]) -> None:
    held = merkle.includes(
        unpacked(vector["leafHash"]),
        vector["leafIdx"],
        size=vector["treeSize"],
        proof=steps(vector),
        root=unpacked(vector["root"]),
    )
    assert held is not vector["wantErr"]


@pytest.mark.parametrize("vector", cases("consistency.json"))
def test_consistency_vectors_of_strangers(vector: dict[str, Any]) -> None:
    held = merkle.is_consistent(
        older_size=vector["size1"],
        older_root=unpacked(vector["root1"]),
        size=vector["size2"],
        root=unpacked(vector["root2"]),
        proof=steps(vector),
    )
    assert held is not vector["wantErr"]


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


entries = st.lists(st.binary(max_size=8), max_size=70)


@given(entries)
def test_a_growing_tree_has_the_root_of_the_definition(data: list[bytes]) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in data]
    assert merkle.root_of(leaves) == plain_root(leaves)


@given(entries, st.data())
def test_every_leaf_has_a_proof_that_holds_for_it_alone(data: list[bytes], draw: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in [*data, b"one at least"]]
    index = draw.draw(st.integers(0, len(leaves) - 1))
    root, proof = merkle.root_of(leaves), merkle.inclusion_proof(leaves, index)
    assert merkle.includes(leaves[index], index, size=len(leaves), proof=proof, root=root)
    assert not merkle.includes(merkle.leaf_hash(b"another"), index, size=len(leaves), proof=proof, root=root)


@given(entries, st.data())
def test_every_older_head_is_shown_to_be_a_beginning(data: list[bytes], draw: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in [*data, b"one at least"]]
    older = draw.draw(st.integers(1, len(leaves)))
    proof = merkle.consistency_proof(leaves, older)
    roots = {"older_root": merkle.root_of(leaves[:older]), "root": merkle.root_of(leaves)}
    assert merkle.is_consistent(older_size=older, size=len(leaves), proof=proof, **roots)
    changed = [merkle.leaf_hash(b"changed"), *leaves[1:]]
    forged = {"older_root": merkle.root_of(changed[:older]), "root": merkle.root_of(leaves)}
    assert not merkle.is_consistent(older_size=older, size=len(leaves), proof=proof, **forged)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@given(entries, st.integers(0, 70))
def test_a_frontier_that_was_stored_grows_on(data: list[bytes], cut: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in data]
    half = merkle.Frontier()
    for leaf in leaves[:cut]:
        half.append(leaf)
    whole = merkle.Frontier(half.size, half.roots)
    for leaf in leaves[cut:]:
        whole.append(leaf)
    assert whole.root == plain_root(leaves)


def test_a_frontier_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="another number"):
        merkle.Frontier(3, [b"x" * 32])
