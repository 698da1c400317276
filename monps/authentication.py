"""Who may use the API: a signed-in session or the one token of this installation.

The token is the environment's (MONPS_API_TOKEN): no row holds it, and changing it is changing one
line. Whoever shows it acts as the administrator named by MONPS_ADMIN_USER.
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …` (or `Bearer …`) compared in constant time."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, str] | None:
        """The administrator, when the token is right; None when there is none."""
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in {"token", "bearer"} or not token:
            return None
        expected = settings.API_TOKEN.encode()
        if not expected or not secrets.compare_digest(token.strip().encode(), expected):
            raise exceptions.AuthenticationFailed("The token is not valid.")
        user = User.objects.filter(username=settings.ADMIN_USER, is_active=True).first()
        if user is None:
            raise exceptions.AuthenticationFailed(
                "The token's user does not exist; run `python manage.py prepare`."
            )
        return user, "token"

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 (the base's signature)
        """What a 401 asks for."""
        return "Token"


class IsAuthenticatedOrPublicRead(permissions.BasePermission):
    """Signed in; or only reading, where API_PUBLIC_READ opens that."""

    def has_permission(self, request: Request, view: object) -> bool:  # noqa: ARG002
        """Whether this request may go on."""
        if settings.API_PUBLIC_READ and request.method in permissions.SAFE_METHODS:
            return True
        return bool(request.user and request.user.is_authenticated)
