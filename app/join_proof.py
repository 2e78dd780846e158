"""What the QR code on the screen adds to the code: proof that it was seen, so that guessers lock out nobody."""

import hashlib
import hmac

from fastapi import Request

from app.settings import Settings
from app.templating import public_link


def proof_of(request: Request, code: str) -> str:
    settings: Settings = request.app.state.settings
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"join {code}".encode(), hashlib.sha256).hexdigest()[:10]


def is_proven(request: Request, code: str, proof: str) -> bool:
    return hmac.compare_digest(proof.encode(), proof_of(request, code).encode())


def join_link(request: Request, code: str) -> str:
    """The address in the QR code."""
    return public_link(request, f"/j/{code}?p={proof_of(request, code)}")
