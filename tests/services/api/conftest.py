"""The application over the small shop, checking its own answers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.api.app import ApiSettings, create_app
from tests.services.api.fakes import Shop, parts


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    return create_app(parts(shop), ApiSettings(validate_responses=True)).test_client()
