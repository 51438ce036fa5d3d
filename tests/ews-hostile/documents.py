#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""documents.py CAPTURES TO NOBODY: captures with one hostile document each.

Every line of the table takes a capture of CAPTURES, puts something else in the place of one of its
documents, and leaves it in TO/NAME.  NOBODY is a URL where nobody may come.  Names are printed
with the capture they were made from.
"""
import pathlib
import shutil
import sys

CAPTURES, TO, NOBODY = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
DEEP = 10_000
USAGE = "DevMgmt/ProductUsageDyn.xml"
COUNTERS = "cdm/deviceUsage/v1/lifetimeCounters"
PAGE = "hp/device/InternalPages/Index?id=UsagePage"


def subset(*entities):
    return b"<!DOCTYPE x [" + b"".join(entities) + b"]>"


def declared(doctype):
    """The document behind a document type declaration, its number an entity."""
    def make(document):
        head, body = document.split(b"?>", 1)
        return head + b"?>" + doctype + body.replace(b">20514<", b">&e;<", 1)
    return make


def laughs():
    lines = [b'<!ENTITY a0 "9999999999">']
    lines += [b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10)]
    return subset(*lines, b'<!ENTITY e "&a9;">')


def external():
    url = NOBODY.encode()
    return (b'<!DOCTYPE x SYSTEM "%s/dtd" [<!ENTITY %% p SYSTEM "%s/parameter"> %%p;'
            b'<!ENTITY e SYSTEM "%s/entity">]>' % (url, url, url))


def swap(old, new):
    def make(document):
        assert old in document, old
        return document.replace(old, new)
    return make


def become(new):
    return lambda document: new


def nested(begin, end):
    """Levels of nesting around the whole document."""
    def make(document):
        head, mark, body = document.rpartition(b"?>")
        return head + mark + begin * DEEP + body + end * DEEP
    return make


def elsewhere(document):
    url = NOBODY.encode()
    return (b'<html><head><base href="%s/"><link rel="stylesheet" href="%s/css">'
            b'<meta http-equiv="refresh" content="0;url=%s/refresh"><script src="%s/js"></script>'
            b'</head><body><iframe src="%s/frame"></iframe><img src="%s/image">' % ((url,) * 6)
            + document)


TABLE = [
    ("laughs", "ledm-color-mfp", USAGE, declared(laughs())),
    ("external", "ledm-color-mfp", USAGE, declared(external())),
    ("included", "ledm-color-mfp", USAGE, swap(
        b">20514<", b'><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="%s/xi"/><'
        % NOBODY.encode())),
    ("deep-xml", "ledm-color-mfp", USAGE, nested(b"<a>", b"</a>")),
    ("large-xml", "ledm-color-mfp", USAGE, lambda d: d + b"<!--" + b"x" * (3 << 19) + b"-->"),
    ("utf8-xml", "ledm-color-mfp", USAGE, swap(b"iso_a4", b"iso\xff\xfe\xc0\x80_a4")),
    ("utf8-serial", "ledm-color-mfp", "DevMgmt/ProductConfigDyn.xml",
     swap(b"CNF8H1K0QZ", b"CN\xff\xc3(K0QZ")),
    ("huge-xml", "ledm-color-mfp", USAGE, swap(b">20514<", b">99999999999999999999999<")),
    ("nan-xml", "ledm-color-mfp", USAGE, swap(b">20514<", b">NaN<")),
    ("exponent-xml", "ledm-color-mfp", USAGE, swap(b">20514<", b">1e400<")),
    ("negative-xml", "ledm-color-mfp", USAGE, swap(b">20514<", b">-20514<")),
    ("empty", "ledm-color-mfp", USAGE, become(b"")),
    ("zeros", "ledm-color-mfp", USAGE, become(b"\0" * 100_000)),
    ("deep-json", "cdm-color-laser", COUNTERS, become(b"[" * DEEP + b"]" * DEEP)),
    ("deep-object", "cdm-color-laser", COUNTERS, become(b'{"a":' * DEEP + b"1" + b"}" * DEEP)),
    ("huge-json", "cdm-color-laser", COUNTERS, swap(b": 5301", b": 53010000000000000000000")),
    ("exponent-json", "cdm-color-laser", COUNTERS, swap(b": 5301", b": 1e400")),
    ("nan-json", "cdm-color-laser", COUNTERS, swap(b": 5301", b": NaN")),
    ("negative-json", "cdm-color-laser", COUNTERS, swap(b": 5301", b": -5301")),
    ("twice-json", "cdm-color-laser", COUNTERS, swap(b": 5301", b': 17, "total": 5301')),
    ("utf8-json", "cdm-color-laser", COUNTERS, swap(b'"total"', b'"total\xff\xfe"')),
    ("deep-html", "futuresmart-german", PAGE, nested(b"<div>", b"</div>")),
    ("deep-tables", "futuresmart-german", PAGE, nested(b"<table><tr><td>", b"</td></tr></table>")),
    ("elsewhere", "futuresmart-german", PAGE, elsewhere),
    ("utf8-html", "futuresmart-german", PAGE, swap(b"Verbrauchsseite", b"\xff\xfe\xed\xa0\x80")),
]

for name, capture, path, make in TABLE:
    folder = TO / name
    shutil.copytree(CAPTURES / capture, folder)
    (folder / f"{capture}.snmprec").rename(folder / f"{name}.snmprec")
    document = folder / "http" / path
    document.write_bytes(make(document.read_bytes()))
    print(name, capture)
