"""What the palette finds: acts by name, and in words that there is none of that name."""

from __future__ import annotations

from textual.command import Hit, Hits
from textual.system_commands import SystemCommandsProvider

from catalogue import t


class Acts(SystemCommandsProvider):
    """Finds the views and acts that the app names, or says that none is called so."""

    async def search(self, query: str) -> Hits:
        """Yield the acts whose names match."""
        found = False
        async for hit in super().search(query):
            found = True
            yield hit
        if not found:
            yield Hit(0.01, t("app.palette_none"), lambda: None)
