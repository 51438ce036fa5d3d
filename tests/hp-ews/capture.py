#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""capture.py FROM TO: folders of recorded web documents as captures.

The documents come with no SNMP walk, so a small one is made up: enough for a
printer to be known as one, and nothing that a counter could come from.
"""
import pathlib
import shutil
import sys

MODELS = {
    "hp_laserjet_100_colormfp_m175nw": "HP LaserJet 100 colorMFP M175nw",
    "hp_color_laserjet_m255dw": "HP Color LaserJet M255dw",
    "hp_laserjet_200_m251nw": "HP LaserJet 200 color M251nw",
    "hp_smart_tank_580-590_cdm": "HP Smart Tank 580-590 series",
}
WALK = """1.3.6.1.2.1.1.1.0|4|HP ETHERNET MULTI-ENVIRONMENT
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1
1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
1.3.6.1.2.1.25.3.2.1.3.1|4|{model}
"""
TREE = ('<ledm:DiscoveryTree xmlns:ledm="http://www.hp.com/schemas/imaging/con/ledm/2007/09/21" '
        'xmlns:dd="http://www.hp.com/schemas/imaging/con/dictionaries/1.0/">{}</ledm:DiscoveryTree>')
LEAF = "<ledm:SupportedTree><dd:ResourceURI>/DevMgmt/{}</dd:ResourceURI></ledm:SupportedTree>"


def place(document):
    """Where on the web server the document was: cdm_a_b.json at /cdm/a/b, others below /DevMgmt."""
    if document.name.startswith("cdm_"):
        return pathlib.Path(*document.stem.split("_"))
    return pathlib.Path("DevMgmt", document.name)


def make(folder, to, model):
    web = to / "http"
    ledm = []
    for document in sorted(folder.iterdir()):
        if not document.name.endswith("Dyn.xml") and not document.name.startswith("cdm_"):
            continue
        at = web / place(document)
        at.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(document, at)
        if at.parent.name == "DevMgmt":
            ledm.append(LEAF.format(document.name))
    if ledm:
        (web / "DevMgmt" / "DiscoveryTree.xml").write_text(TREE.format("".join(ledm)))
    else:
        (web / "cdm" / "servicesDiscovery").write_text('{"services":[]}')
    (to / (to.name + ".snmprec")).write_text(WALK.format(model=model))


for name, model in MODELS.items():
    make(pathlib.Path(sys.argv[1], name), pathlib.Path(sys.argv[2], name), model)
