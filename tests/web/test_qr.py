"""The QR code: read back by a decoder that is not ours, and as small as it can be."""

import re

import pytest
import zxingcpp
from PIL import Image

from feedback.web.qr import QUIET, code_address, matrix, qr_svg
from tests.support.chance import SeededChance

TOKEN = SeededChance(5).text(26)
SHORT = code_address("https://hl.example", TOKEN)


def drawn(svg):
    """Draw the strokes of the inline SVG, pixel by pixel."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    image = Image.new("L", (size, size), 255)
    across = down = 0
    for command, numbers in re.findall(r"([Mmh])([\d. ]+)", re.search(r'stroke="#000" d="([^"]+)"', svg)[1]):
        steps = [float(number) for number in numbers.split()]
        if command == "M":
            across, down = int(steps[0]), int(steps[1])
        elif command == "m":
            across += int(steps[0])
        else:
            for _ in range(int(steps[0])):
                image.putpixel((across, down), 0)
                across += 1
    return image


@pytest.mark.checklist(33)
@pytest.mark.parametrize(
    "host", ["https://hl.example", "https://feedback.riverside-clinic.org", "http://127.0.0.1:8000"]
)
def test_a_foreign_decoder_reads_the_whole_address(host):
    address = code_address(host, TOKEN)
    image = drawn(qr_svg(address, "")).resize((600, 600), Image.Resampling.NEAREST)
    assert zxingcpp.read_barcode(image).text == address


def test_every_code_of_a_sheet_is_read_as_well():
    chance = SeededChance(6)
    for address in (code_address("https://hl.example", chance.text(26)) for _ in range(20)):
        image = drawn(qr_svg(address, "", is_one_of_many=True)).resize((300, 300), Image.Resampling.NEAREST)
        assert zxingcpp.read_barcode(image).text == address


@pytest.mark.checklist(31)
def test_the_quiet_zone_of_four_modules_is_part_of_the_drawing():
    image = drawn(qr_svg(SHORT, ""))
    dark = [(x, y) for x in range(image.width) for y in range(image.height) if image.getpixel((x, y)) == 0]
    edges = [min(x for x, _ in dark), min(y for _, y in dark)]
    edges += [image.width - 1 - max(x for x, _ in dark), image.height - 1 - max(y for _, y in dark)]
    assert edges == [QUIET] * 4


@pytest.mark.checklist(33)
@pytest.mark.parametrize(("letters", "modules"), [(24, 29), (40, 29)])
def test_a_host_of_up_to_forty_characters_needs_no_more_than_version_three(letters, modules):
    host = "a" * (letters - 8) + ".example"
    assert len(matrix(code_address(f"https://{host}", TOKEN))) == modules


@pytest.mark.parametrize(("letters", "level"), [(10, "L"), (24, "M"), (40, "L")])
def test_the_level_is_the_highest_that_does_not_enlarge_the_symbol(letters, level):
    host = "a" * (letters - 8) + ".example"
    image = drawn(qr_svg(code_address(f"https://{host}", TOKEN), "")).resize((600, 600), Image.Resampling.NEAREST)
    assert zxingcpp.read_barcode(image).ec_level == level


@pytest.mark.parametrize("letters", [10, 24, 30, 40])
def test_a_drawing_weighs_three_kilobytes_at_most(letters):
    host = "a" * (letters - 8) + ".example"
    assert len(qr_svg(code_address(f"https://{host}", TOKEN), "QR code").encode()) <= 3072


def test_a_label_cannot_break_out_of_its_attribute():
    assert '"><script>' not in qr_svg(SHORT, '"><script>')
