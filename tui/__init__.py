"""The terminal UI.

Textual's parser cannot take what an input method commits over the kitty keyboard protocol: five
Han characters arrive as 35 keys. The protocol is left off, before Textual is first imported.
"""

from __future__ import annotations

import os

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
