"""The licence of a model: what the lock says, and what its files say."""

import re

from expressions import Expression, parts_of

FILES = re.compile(r"^(?:licen[cs]e|copying|unlicense)(?:[-_.].*)?$", re.IGNORECASE)
STATED = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+() -]+)")
# Texts of licences by the words that are theirs alone, the more special ones first.
TEXTS = (
    ("apache-2.0", "Apache License\\s+Version 2\\.0"),
    ("agpl-3.0", "GNU AFFERO GENERAL PUBLIC LICENSE\\s+Version 3"),
    ("lgpl-3.0", "GNU LESSER GENERAL PUBLIC LICENSE\\s+Version 3"),
    ("gpl-3.0", "GNU GENERAL PUBLIC LICENSE\\s+Version 3"),
    ("gpl-2.0", "GNU GENERAL PUBLIC LICENSE\\s+Version 2"),
    ("mpl-2.0", "Mozilla Public License Version 2\\.0"),
    ("llama3.3", "LLAMA 3\\.3 COMMUNITY LICENSE"),
    ("llama3.2", "LLAMA 3\\.2 COMMUNITY LICENSE"),
    ("llama3.1", "LLAMA 3\\.1 COMMUNITY LICENSE"),
    ("llama3", "META LLAMA 3 COMMUNITY LICENSE"),
    ("llama2", "LLAMA 2 COMMUNITY LICENSE"),
    ("gemma", "Gemma Terms of Use"),
    ("cc-by-nc-4.0", "Attribution-NonCommercial 4\\.0 International"),
    ("cc-by-sa-4.0", "Attribution-ShareAlike 4\\.0 International"),
    ("cc-by-4.0", "Attribution 4\\.0 International"),
    ("cc0-1.0", "CC0 1\\.0 Universal"),
    ("unlicense", "This is free and unencumbered software released into the public domain"),
    ("mit", "Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("isc", "Permission to use, copy, modify, and(?:/or)? distribute this software for any\\s+purpose"),
    ("bsd-3-clause", "Redistribution and use in source and binary forms[\\s\\S]*Neither the name"),
    ("bsd-2-clause", "Redistribution and use in source and binary forms"),
)


def check(folder, facts, arguments):
    allowed = {arguments[i + 1].lower() for i in range(0, len(arguments), 2) if arguments[i] == "--allowed"}
    denied = {arguments[i + 1].lower() for i in range(0, len(arguments), 2) if arguments[i] == "--denied"}
    stated = [(None, licence) for licence in facts.get("licenses") or []]
    texts = [file for file in folder.files if FILES.match(file.rsplit("/", 1)[-1])]
    written = [(file, licence) for file in texts for licence in of_text(folder.text(file) or "")]
    card = [("README.md", licence) for licence in of_card(folder.text("README.md") or "")] if "README.md" in folder.files else []
    found = stated + written + card
    if not found and (not texts or allowed):
        yield {"what": "no licence is stated: neither by the lock nor by a file whose text is known"}
    elif not found:
        print(f"warning: the text of {texts[0]} is no licence that is known")
    expression = Expression(allowed, denied)
    for file, licence in found:
        place = {"file": file} if file else {}
        if not expression.accepts(licence):
            words = "is denied" if parts_of(licence) & denied else f"is none of {', '.join(sorted(allowed))}"
            yield place | {"what": f"the licence {licence} {words}"}


def of_text(text):
    named = STATED.search(text)
    if named:
        return [named[1].strip().lower()]
    return next(([name] for name, words in TEXTS if re.search(words, text)), [])


# The card of a model begins with its data, between two lines of dashes.
def of_card(text):
    match = re.match(r"---\r?\n([\s\S]*?)\r?\n---", text)
    if match is None:
        return []
    stated = re.search(r"^license:[ \t]*(.*)((?:\r?\n[ \t]*- .*)*)", match[1], re.MULTILINE)
    if stated is None:
        return []
    values = [stated[1]] if stated[1].strip() else re.findall(r"-\s*(.*)", stated[2])
    names = [value.strip().strip("'\"").lower() for value in values]
    return [name for name in names if re.fullmatch(r"[a-z0-9.+-]+", name) and name not in ("other", "unknown")]
