"""What the helpers have in common that speak for a calendar program.

A helper reads commands, a line each, and answers every one with a line of JSON. It ends when there are no more.
"""

import json
import sys
from datetime import datetime


def serve(commands):
    """Answer the commands that come in, by the functions that they name."""
    for line in sys.stdin:
        name, *arguments = line.split()
        print(json.dumps(commands[name](*arguments)), flush=True)


def instant(text):
    """Write an instant of a calendar as the server does; one that is not in UTC fails."""
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").strftime("%Y-%m-%dT%H:%M:%SZ")
