"""The text encoder as a shop's settings ask for it."""

from __future__ import annotations

from graph.reconcile import Progress, silent
from services.settings.text import OFF
from services.shop import Shop
from training.text.cache import CachedEncoder
from training.text.port import TextEncoder
from training.text.sentence import sentence_encoder


def build_encoder(shop: Shop, progress: Progress = silent) -> TextEncoder | None:
    """The encoder of `[text]`, which encodes no text twice; None where it is switched off.

    Raises SettingsError naming the extra that is missing. torch is loaded when a text is encoded that was not before.
    """
    model = shop.settings.text.model
    if model == OFF:
        return None
    return CachedEncoder(sentence_encoder(model), shop.text_cache, progress)
