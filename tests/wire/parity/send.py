"""Runs one call of Python's requests, and prints what came of it as JSON: its first argument is the URL,
the second one the call as a user writes it."""

import json
import sys

import requests

url, call = sys.argv[1:3]
try:
    answer = eval(call, {"requests": requests, "url": url, "open": open})
    outcome = f"{answer.status_code} {answer.text}"
except requests.exceptions.Timeout:
    outcome = "timeout"
except requests.exceptions.SSLError:
    outcome = "tls"
print(json.dumps({"outcome": outcome, "version": requests.__version__}))
