"""Signatures of whole models as OpenSSF Model Signing makes them with a key.

The signature is a bundle of Sigstore's with a DSSE envelope around a statement of
in-toto's, which lists the model's files with their hashes
(https://github.com/ossf/model-signing-spec, https://github.com/secure-systems-lab/dsse).
Keyless ones need Sigstore's servers, which a build can't reach.
"""

import base64
import binascii
import fnmatch
import hashlib
import json
import os
import re
import subprocess

LONGEST = 64 * 1024 * 1024
BUNDLE = re.compile(r"application/vnd\.dev\.sigstore\.bundle(?:\.v0\.[1-9]\+json|\+json;version=0\.[1-9])")
PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
CURVE = re.compile(r"ASN1 OID: (prime256v1|secp384r1|secp521r1)\b")
HASHES = {"prime256v1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
ALGORITHMS = {"sha256": hashlib.sha256, "blake2b": hashlib.blake2b}
# What the signer's own program leaves out unless it is told otherwise.
OF_GIT = {".git", ".gitattributes", ".github", ".gitignore"}
SHARD = re.compile(r"(.+):([0-9]{1,18}):([0-9]{1,18})", re.DOTALL)


class Bad(Exception):
    """The signature says nothing of the model."""


def check(root, files, signature, key, patterns, work):
    """What is wrong with the files that `patterns` name, by the signature of that name."""
    if signature not in files:
        return [{"file": signature, "what": "it isn't there, so that nothing is signed"}]
    try:
        signed = Signed(statement_of(os.path.join(root, signature), key, work))
    except Bad as reason:
        return [{"file": signature, "what": str(reason)}]
    found = []
    for file in files:
        if file == signature or signed.ignores(file) or not any(fnmatch.fnmatchcase(file, pattern) for pattern in patterns):
            continue
        what = signed.reason_against(root, file)
        if what is not None:
            found.append({"file": file, "what": what})
    return found


def statement_of(path, key, work):
    """The statement in a bundle, once the key has signed it."""
    if os.path.getsize(path) > LONGEST:
        raise Bad("it is too large for a signature")
    with open(path, "rb") as file:
        bundle = parsed(file.read())
    envelope = of(bundle, "dsseEnvelope", dict)
    if not BUNDLE.fullmatch(of(bundle, "mediaType", str)):
        raise Bad("it is no bundle of Sigstore's")
    if of(envelope, "payloadType", str) != PAYLOAD:
        raise Bad("what it signs is no statement of in-toto's")
    signatures = of(envelope, "signatures", list)
    if len(signatures) != 1:
        raise Bad("it doesn't hold exactly one signature")
    payload = decoded(of(envelope, "payload", str))
    encoded = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)
    if not is_signed(encoded, decoded(of(signatures[0], "sig", str)), key, work):
        raise Bad("it isn't signed by the given key")
    statement = parsed(payload)
    if of(statement, "_type", str) != STATEMENT or of(statement, "predicateType", str) != PREDICATE:
        raise Bad("what it signs is no list of a model's files, of version 1.0")
    return statement


def is_signed(content, signature, key, work):
    text = run(["openssl", "pkey", "-pubin", "-in", key, "-noout", "-text"])
    curve = CURVE.search(text.stdout.decode("utf-8", "replace")) if text.returncode == 0 else None
    if curve is None:
        raise Bad("the given key is no public key of one of the curves P-256, P-384 and P-521")
    for name, written in (("signed", content), ("signature", signature)):
        with open(os.path.join(work, name), "wb") as file:
            file.write(written)
    command = ["openssl", "dgst", f"-{HASHES[curve[1]]}", "-verify", key, "-signature", os.path.join(work, "signature"), os.path.join(work, "signed")]
    return run(command).returncode == 0


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


class Signed:
    """The hashes that a statement lists, of files or of their parts."""

    def __init__(self, statement):
        predicate = of(statement, "predicate", dict)
        serialization = of(predicate, "serialization", dict)
        self.method = of(serialization, "method", str)
        if self.method not in ("files", "shards"):
            raise Bad(f"it lists hashes in a way that isn't known ({self.method[:40]!r})")
        ignored = serialization.get("ignore_paths") or []
        self.ignored = OF_GIT | ({path.strip("/") for path in ignored if isinstance(path, str)} if isinstance(ignored, list) else set())
        self.parts, root = {}, hashlib.sha256()
        for resource in of(predicate, "resources", list):
            name, algorithm, digest = (of(resource, key, str) for key in ("name", "algorithm", "digest"))
            if not re.fullmatch(r"[0-9a-f]{64,128}", digest) or len(digest) % 2:
                raise Bad("it lists a hash that is none")
            root.update(bytes.fromhex(digest))
            start, end = 0, None
            if self.method == "shards":
                shard = SHARD.fullmatch(name)
                if shard is None:
                    raise Bad("it lists a part of a file without its place")
                name, start, end = shard[1], int(shard[2]), int(shard[3])
            self.parts.setdefault(name, []).append((start, end, algorithm, digest))
        subjects = of(statement, "subject", list)
        stated = of(of(subjects[0], "digest", dict), "sha256", str) if len(subjects) == 1 else None
        if stated != root.hexdigest():
            raise Bad("its hash of all hashes isn't that of what it lists")

    # The signer says which files are nobody's business, such as Git's.
    def ignores(self, file):
        parts = file.split("/")
        return any("/".join(parts[: depth + 1]) in self.ignored for depth in range(len(parts)))

    def reason_against(self, root, file):
        path = os.path.join(root, file)
        size = os.path.getsize(path)
        parts = sorted(self.parts.get(file, ()), key=lambda part: part[0])
        if not parts and not (self.method == "shards" and size == 0):
            return "it is not signed: the signature doesn't list it"
        at = 0
        with open(path, "rb") as content:
            for start, end, algorithm, digest in parts:
                end = size if end is None else end
                if start != at or not start <= end <= size:
                    return "its parts aren't those that the signature lists"
                if algorithm not in ALGORITHMS:
                    return f"the signature lists a hash that can't be checked here ({algorithm[:40]!r})"
                if hash_of(content, end - start, ALGORITHMS[algorithm]()) != digest:
                    return "its hash is another than the signature lists"
                at = end
        return None if at == size else "its parts aren't those that the signature lists"


def hash_of(content, length, hasher):
    while length > 0:
        chunk = content.read(min(length, 1 << 20))
        if not chunk:
            break
        hasher.update(chunk)
        length -= len(chunk)
    return hasher.hexdigest()


def of(mapping, key, kind):
    value = mapping.get(key) if isinstance(mapping, dict) else None
    if not isinstance(value, kind):
        raise Bad(f"it isn't a signature of a model: {key!r} is missing, or something else than it should be")
    return value


def parsed(text):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Bad("it isn't a signature of a model: it is no JSON") from None


def decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise Bad("it isn't a signature of a model: something in it is no base64") from None
