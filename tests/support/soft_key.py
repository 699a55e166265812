"""An authenticator in software: what a browser and a key would answer, also the way an attacker would bend it."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class SoftKey:
    """A key that holds one passkey."""

    origin: str
    uses: int = 0
    owner: str = ""
    credential: bytes = b"soft key credential"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: str, **bent: Any) -> str:
        """Make a passkey as the options ask."""
        asked = json.loads(options)
        self.owner = base64url_to_bytes(asked["user"]["id"]).decode()
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = b"\0" * 16 + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(public)
        state = self._state(asked["rp"]["id"], PRESENT | VERIFIED | ATTESTED, bent) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": state})
        said = self._said("webauthn.create", asked["challenge"], bent)
        return self._answer({"clientDataJSON": said, "attestationObject": made})

    def shows(self, options: str, **bent: Any) -> str:
        """Show the passkey as the options ask."""
        asked = json.loads(options)
        self.uses += 1
        state = self._state(asked["rpId"], PRESENT | VERIFIED, bent)
        said = self._said("webauthn.get", asked["challenge"], bent)
        mark = self.private.sign(state + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        owner = bent.get("owner", self.owner).encode()
        parts = {"clientDataJSON": said, "authenticatorData": state, "signature": mark, "userHandle": owner}
        return self._answer(parts)

    def _state(self, site: str, flags: int, bent: dict[str, Any]) -> bytes:
        named = hashlib.sha256(bent.get("site", site).encode()).digest()
        return named + struct.pack(">BI", bent.get("flags", flags), bent.get("uses", self.uses))

    def _said(self, kind: str, challenge: str, bent: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": bent.get("challenge", challenge),
            "origin": bent.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential)
        coded = {key: bytes_to_base64url(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": coded})
