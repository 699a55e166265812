"""Codes by the thousand, for crowds: one through the services, the others as rows like its own, in one go."""

from sqlalchemy import insert, select

from feedback.domain.access import draw_token, draw_typed
from feedback.domain.care import Chance, draw_case_code
from feedback.persistence.tables import access_codes, cases, tenant_lookup, therapy_sessions
from feedback.security.access_codes import seal_code, token_hash, typed_hash
from tests.support.world import World


def codes_for(world: World, count: int) -> list[str]:
    """Return the tokens of so many codes, each for the one therapy session of a case of its own."""
    it = world.installation
    first = world.opens_a_case()
    shown = world.shows_a_code(first, world.meets(first))
    rows, tokens = {table: [] for table in (cases, therapy_sessions, access_codes, tenant_lookup)}, [shown.token]
    with world.writing() as uow:
        like = [
            dict(uow.connection.execute(select(table).where(column == first.code)).mappings().one())
            for table, column in (
                (cases, cases.c.code),
                (therapy_sessions, therapy_sessions.c.case_code),
                (access_codes, access_codes.c.case_code),
            )
        ]
        taken = set(uow.connection.scalars(select(cases.c.code)))
        for _ in range(count - 1):
            code, token, typed, name = (
                _free(it.chance, taken),
                draw_token(it.chance),
                draw_typed(it.chance),
                it.chance.text(16),
            )
            hashes = {"token": token_hash(it.keyring, token), "typed": typed_hash(it.keyring, typed)}
            sealed = {
                f"sealed_{kind}": seal_code(it.keyring, word, f"sealed_{kind}", world.clinic.id, name)
                for kind, word in (("token", token), ("typed", typed))
            }
            rows[cases].append(like[0] | {"code": code})
            rows[therapy_sessions].append(like[1] | {"case_code": code})
            hashed = {f"{kind}_hash": value for kind, value in hashes.items()}
            rows[access_codes].append(like[2] | {"case_code": code, "id": name} | hashed | sealed)
            rows[tenant_lookup] += [
                {"clinic_id": world.clinic.id, "kind": kind, "hash": value} for kind, value in hashes.items()
            ]
            tokens.append(token)
        for table, several in rows.items() if count > 1 else ():
            uow.connection.execute(insert(table), several)
    return tokens


def _free(chance: Chance, taken: set[str]) -> str:
    """Draw a case code that no case has: of ten thousand, two would be alike."""
    while (code := draw_case_code(chance)) in taken:
        pass
    taken.add(code)
    return code
