# The web application that Tokentray replaces, as far as its /token goes: Flask's own server, the token out of
# MSAL's cache, JSON. Favoured against the original: no debug mode, no line for every request, one MSAL client
# for all of them. What it is given comes in environment variables; it signs in with somebody's refresh token.
import logging
import os

import msal
from flask import Flask, jsonify

SCOPES = ["User.Read"]

logging.getLogger("werkzeug").disabled = True

client = msal.ConfidentialClientApplication(
    os.environ["CLIENT_ID"],
    authority=os.environ["AUTHORITY"],
    client_credential=os.environ["CLIENT_SECRET"],
    token_cache=msal.SerializableTokenCache(),
    validate_authority=False,
)
app = Flask(__name__)


@app.route("/token")
def token():
    accounts = client.get_accounts()
    if not accounts:
        return jsonify({"error": "not signed in"}), 401
    result = client.acquire_token_silent(SCOPES, account=accounts[0])
    if not result or "access_token" not in result:
        return jsonify({"error": "no token"}), 401
    return jsonify({"access_token": result["access_token"]})


signed_in = client.acquire_token_by_refresh_token(os.environ["REFRESH_TOKEN"], SCOPES)
if "access_token" not in signed_in:
    raise SystemExit(f"no token: {signed_in.get('error')}")
app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
