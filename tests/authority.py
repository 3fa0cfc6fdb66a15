"""A certification authority of the tests: keys of P-256, a time stamping service and a list of revoked certificates on 127.0.0.1."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import algos, cms, core, keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
PASSWORD = "печать-2026"
OWNER = "Методический центр Заречья"
PERSON = (("surname", "Градов"), ("given_name", "Павел Андреевич"))
SNILS = x509.ObjectIdentifier("1.2.643.100.3")
INN = x509.ObjectIdentifier("1.2.643.3.131.1.1")
_OIDS = {"surname": NameOID.SURNAME, "given_name": NameOID.GIVEN_NAME, "snils": SNILS, "inn": INN}


@dataclass
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: (
        ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    )  # RSA where it stamps: pyHanko's stamper of tests knows no other

    @property
    def asn1(self):
        return asn1_x509.Certificate.load(self.certificate.public_bytes(DER))

    @property
    def asn1_key(self):
        return keys.PrivateKeyInfo.load(
            self.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )


class Authority:
    """A root that gives out certificates; ``url`` is where its list of revoked certificates is served, if anywhere."""

    def __init__(self, name: str = "Пробный удостоверяющий центр", url: str = "") -> None:
        self.name, self.url = name, url
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._made(self.name_of(name), self.key, ca=True)

    @staticmethod
    def name_of(common: str, **more: str) -> x509.Name:
        named = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
        return x509.Name([*named, *(x509.NameAttribute(_OIDS[key], value) for key, value in more.items())])

    def issue(
        self, common: str = OWNER, *, days: tuple[int, int] = (-400, 3650), stamping: bool = False, **more: str
    ) -> Holder:
        """A certificate valid from today plus ``days[0]`` to today plus ``days[1]``."""
        key = rsa.generate_private_key(65537, 2048) if stamping else ec.generate_private_key(ec.SECP256R1())
        return Holder(self._made(self.name_of(common, **more), key, days=days, stamping=stamping), key)

    def _made(self, subject, key, *, ca=False, days=(-500, 3650), stamping=False):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name_of(self.name)).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.KeyUsage(
                digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, key_encipherment=False,
                data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False), critical=True)
        )  # fmt: skip
        if stamping:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if self.url and not ca:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(self.url)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def revoked(self, *certificates: x509.Certificate) -> bytes:
        """The list of revoked certificates, as DER."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name_of(self.name))
        builder = builder.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
        builder = builder.add_extension(x509.CRLNumber(1), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        for one in certificates:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(now)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(DER)

    def pem(self, folder: Path, name: str = "root.pem") -> str:
        """The root as a PEM file; returns its path."""
        folder.joinpath(name).write_bytes(self.root.public_bytes(PEM))
        return str(folder / name)

    def p12(self, folder: Path, holder: Holder, name: str = "seal.p12") -> str:
        """A holder's key as a PKCS#12 file with the root; returns its path."""
        encryption = (
            serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1000).key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .build(PASSWORD.encode())
        )  # fmt: skip
        data = pkcs12.serialize_key_and_certificates(b"seal", holder.key, holder.certificate, [self.root], encryption)
        folder.joinpath(name).write_bytes(data)
        return str(folder / name)


def signature_of(holder: Holder, data: bytes, *, attached: bool = False, digest: str = "sha256") -> bytes:
    """A CAdES-BES signature over ``data``, made by hand and not by what checks it: DER."""
    measured = hashes.Hash({"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest])
    measured.update(data)
    mine = hashes.Hash(hashes.SHA256())
    mine.update(holder.certificate.public_bytes(DER))
    certificate_v2 = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": mine.finalize()})]})
    signed = cms.CMSAttributes([
        cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
        cms.CMSAttribute({"type": "message_digest", "values": [measured.finalize()]}),
        cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(datetime.now(UTC))})]}),
        cms.CMSAttribute({"type": "signing_certificate_v2", "values": [certificate_v2]}),
    ])  # fmt: skip
    value = holder.key.sign(signed.dump(), ec.ECDSA({"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest]))
    return _wrapped(holder.asn1, signed, value, digest, f"{digest}_ecdsa", data if attached else None)


def _wrapped(certificate, signed, value, digest, algorithm, content):
    signer = cms.SignerInfo({
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate["tbs_certificate"]["serial_number"].native})}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "signed_attrs": signed,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
        "signature": value,
    })  # fmt: skip
    body = {"content_type": "data"} | ({"content": content} if content is not None else {})
    whole = cms.SignedData({
        "version": "v1", "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})], "encap_content_info": body,
        "certificates": [certificate], "signer_infos": [signer],
    })  # fmt: skip
    return cms.ContentInfo({"content_type": "signed_data", "content": whole}).dump()


def gost_signature(authority: Authority, **more: str) -> bytes:
    """A signature whose algorithms are those of GOST, over a digest that nothing here can compute.

    The names of the algorithms are put into an ordinary certificate: the fields are true, the mathematics is not looked at.
    """
    holder = authority.issue("ООО «Пример»", **more)
    certificate = holder.asn1
    body = certificate["tbs_certificate"]
    key = body["subject_public_key_info"].dump()
    swapped = key.replace(
        core.ObjectIdentifier("1.2.840.10045.2.1").dump(), core.ObjectIdentifier("1.2.643.7.1.1.1.1").dump()
    )
    swapped = _resized(swapped, len(swapped) - len(key))
    body["subject_public_key_info"] = keys.PublicKeyInfo.load(swapped)
    certificate = asn1_x509.Certificate.load(
        asn1_x509.Certificate({
            "tbs_certificate": body, "signature_algorithm": certificate["signature_algorithm"],
            "signature_value": certificate["signature_value"],
        }).dump(force=True)
    )  # fmt: skip
    signed = cms.CMSAttributes([
        cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
        cms.CMSAttribute({"type": "message_digest", "values": [b"\x07" * 32]}),
        cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(datetime.now(UTC))})]}),
    ])  # fmt: skip
    return _wrapped(certificate, signed, b"\x05" * 64, "1.2.643.7.1.1.2.2", "1.2.643.7.1.1.1.1", None)


def _resized(der: bytes, more: int) -> bytes:
    """The same structure of two levels after ``more`` bytes were put into its inner one; both are short."""
    return bytes([der[0], der[1] + more, der[2], der[3] + more]) + der[4:]


@contextmanager
def served() -> Iterator["Address"]:
    """A time stamping service on ``/tsa`` and a list of revoked certificates on ``/crl``; yields the address they begin with."""
    answers: dict[str, object] = {"stamper": None, "revoked": None}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if answers["stamper"] is None:
                self.send_error(503)
                return
            self.answer(answers["stamper"].request_tsa_response(request).dump(), "application/timestamp-reply")

        def do_GET(self):
            if answers["revoked"] is None:
                self.send_error(404)
                return
            self.answer(answers["revoked"], "application/pkix-crl")

        def answer(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = Address(f"http://127.0.0.1:{server.server_port}")
    address.answers = answers
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


class Address(str):  # noqa: SLOT000 - it carries what the services answer
    """Where the services answer, and what they answer with."""

    answers: dict

    def stamps_as(self, holder: Holder, *chain: x509.Certificate) -> None:
        """Let the service stamp with this holder's key."""
        embedded = [asn1_x509.Certificate.load(one.public_bytes(DER)) for one in chain]
        self.answers["stamper"] = DummyTimeStamper(holder.asn1, holder.asn1_key, embedded)

    def revokes(self, data: bytes) -> None:
        """Serve this list of revoked certificates."""
        self.answers["revoked"] = data


def here(job, *args, data=b"", seconds=0):
    """``sandbox.call`` without its child: pyHanko is imported once for all tests and not for each call."""
    del seconds
    return job(*args, data)
