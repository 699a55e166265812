"""Signing in through an organisation's own provider (OpenID Connect). `client` and `id_token` need the extra `oidc`."""
