"""The pure core: values in, values out. No clock, no network, no database, no framework.

The stages, in running order:

    extract     bytes of a page            → text of the policy (Markdown-like lines)
    clauses     text                       → clauses with stable ids
    reading     clauses                    → what the text allows, with the sentences it rests on
    stability   a stream of sightings      → confirmed wordings (walls, flickers and put-backs stay outside)
    diff        clauses × clauses          → edits
    changes     reading × reading + edits  → a change: level, kind, direction, one line of meaning
    signals     what a site tells crawlers → verdicts, each with its line
    status      readings + signals + statements → a platform's answer now
    badge       status + age               → letter, shape and words
    notices     change × subscription      → a notice, or nothing
"""
