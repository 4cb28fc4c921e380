"""The two themes, made so that every text has a contrast of at least 4.5 on what is under it."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="scaffold-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#b49bf0",
    accent="#f2b06b",
    success="#7fd38b",
    warning="#ecc46a",
    error="#ff8088",
    foreground="#dfe4f0",
    background="#12151d",
    surface="#1a1e29",
    panel="#242a38",
    variables={
        "border": "#7aa2f7",
        "border-blurred": "#3d465c",
        "scrollbar": "#3d465c",
        "scrollbar-hover": "#7aa2f7",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#12151d",
        "scrollbar-background-hover": "#12151d",
        "scrollbar-background-active": "#12151d",
        "scrollbar-corner-color": "#12151d",
        "block-cursor-background": "#33467a",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#262d3f",
        "block-cursor-blurred-foreground": "#dfe4f0",
        "footer-background": "#1a1e29",
        "footer-key-foreground": "#f2b06b",
        "input-selection-background": "#3f5699",
        "text-muted": "#99a3ba",
        "text-disabled": "#7d879d",
    },
)

LIGHT = Theme(
    name="scaffold-light",
    dark=False,
    primary="#1d5bbf",
    secondary="#6a45b8",
    accent="#9c4a00",
    success="#1a7434",
    warning="#7f5600",
    error="#b3202c",
    foreground="#1d2330",
    background="#fcfcfa",
    surface="#f1f2f0",
    panel="#e4e6e6",
    variables={
        "border": "#1d5bbf",
        "border-blurred": "#b4bac4",
        "scrollbar": "#b4bac4",
        "scrollbar-hover": "#1d5bbf",
        "scrollbar-active": "#1d5bbf",
        "scrollbar-background": "#fcfcfa",
        "scrollbar-background-hover": "#fcfcfa",
        "scrollbar-background-active": "#fcfcfa",
        "scrollbar-corner-color": "#fcfcfa",
        "block-cursor-background": "#cfdffa",
        "block-cursor-foreground": "#0d1526",
        "block-cursor-blurred-background": "#e6ebf3",
        "block-cursor-blurred-foreground": "#1d2330",
        "footer-background": "#eceef0",
        "footer-key-foreground": "#9c4a00",
        "input-selection-background": "#b9d0f7",
        "text-muted": "#59616f",
        "text-disabled": "#6d7582",
    },
)

THEMES = (DARK, LIGHT)
