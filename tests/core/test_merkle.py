"""The Merkle tree against the vectors that certificate transparency publishes with RFC 6962 and 9162, and against its definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.db import merkle_tree

LEAVES = [
    merkle_tree.leaf_hash(bytes.fromhex(one))
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HEADS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)  # fmt: skip
A = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
B = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
C = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
CONSISTENT = {(1, 1): (), (1, 8): (C, A, B), (6, 8): (F, E, HEADS[4]), (2, 5): (A, D)}


@pytest.mark.parametrize("size", range(9))
def test_the_published_heads(size):
    assert merkle_tree.head(LEAVES[:size]).hex() == HEADS[size]


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENT.items())
def test_the_published_proofs_of_consistency(sizes, proof):
    old, size = sizes
    found = merkle_tree.consistency(old, LEAVES[:size])
    assert tuple(one.hex() for one in found) == proof
    assert merkle_tree.is_consistent(old, size, found, bytes.fromhex(HEADS[old]), bytes.fromhex(HEADS[size]))


def recursive(hashes):
    """The definition of 2.1.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle_tree.node_hash(recursive(hashes[:k]), recursive(hashes[k:]))


MANY = [merkle_tree.leaf_hash(str(one).encode()) for one in range(70)]


@given(st.integers(1, 70), st.data())
def test_every_proof_of_every_size_holds_and_holds_for_nothing_else(size, data):
    hashes = MANY[:size]
    old = data.draw(st.integers(1, size))
    root = merkle_tree.head(hashes)
    assert root == recursive(hashes)
    continued = merkle_tree.consistency(old, hashes)
    assert merkle_tree.is_consistent(old, size, continued, merkle_tree.head(hashes[:old]), root)
    other = merkle_tree.leaf_hash(b"another")
    assert not merkle_tree.is_consistent(old, size, continued, other, root)
    assert not merkle_tree.is_consistent(old, size, (*continued, other), merkle_tree.head(hashes[:old]), root)
    changed = [*hashes]
    changed[data.draw(st.integers(0, old - 1))] = other
    proof = merkle_tree.consistency(old, changed)
    assert not merkle_tree.is_consistent(old, size, proof, merkle_tree.head(hashes[:old]), merkle_tree.head(changed))


def test_what_is_no_place_of_a_tree_has_no_proof():
    for old in (0, 4):
        with pytest.raises(IndexError):
            merkle_tree.consistency(old, MANY[:3])
        assert not merkle_tree.is_consistent(old, 3, (MANY[0],), MANY[0], MANY[1])
