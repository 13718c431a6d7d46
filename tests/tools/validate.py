#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""Validates every JSON document in the files against a JSON schema.

usage: validate.py SCHEMA FILE...
"""

import json
import sys

import jsonschema


def documents(text):
    """Yields the documents that stand one after the other in a text."""
    decoder = json.JSONDecoder()
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        yield document


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    bad = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            found = list(documents(file.read()))
        if not found:
            print(f"{name}: no document")
            bad += 1
        for document in found:
            for error in validator.iter_errors(document):
                print(f"{name}: {error.json_path}: {error.message}\n{json.dumps(document)}")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
