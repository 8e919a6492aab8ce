"""Writes goldens.json: what Python's jinja2 gives for templates and rows of our own.

    python make_goldens.py > goldens.json

It holds rows, and cases {"row": its place, "template", "result"} or {"row", "template", "error": "undefined" | "other"}. The environment is set up as
lm-evaluation-harness sets up its own: strict undefined names, trailing newlines kept, a filter regex_replace.
"""

import json
import re
import sys

from jinja2 import BaseLoader, Environment, StrictUndefined, UndefinedError

env = Environment(loader=BaseLoader, undefined=StrictUndefined, keep_trailing_newline=True)
env.filters["regex_replace"] = lambda s, pattern, repl, count=0: re.sub(pattern, repl, s, count=count)

ROWS = [
    {
        "question": "  Which wood floats?\n",
        "text": "one two  three ",
        "name": "ada lovelace",
        "quote": "it's \"so\" \\ it\tis",
        "accent": "ÉCOLE straße ǆ 東京 😀x",
        "choices": {"text": ["oak", "it's ebony", 'a "b"'], "label": ["A", "B", "C"]},
        "options": ["x", "Y", "z"],
        "label": 2,
        "negative": -3,
        "ratio": 0.1,
        "big": 1e16,
        "small": 0.00001,
        "third": 1 / 3,
        "flag": True,
        "off": False,
        "nothing": None,
        "empty_text": "",
        "empty_list": [],
        "answerKey": "B",
        "digit": "3",
        "word_false": "false",
        "nested": [[1, 2.5, None], {"a": True, "b": ["c", "d'e"]}],
        "people": [{"name": "Bo", "age": 3}, {"name": "al", "age": 7}, {"name": "Cy", "age": 5}],
        "literal": "[{'q': 'why?', 'o': ['a', 'b']}, {'q': \"it's\", 'o': []}]",
        "html": "<b>&amp;</b>",
        "multi": "a\nb\n\nc",
        "control": "a\u0001b\u00a0c\u200bd",
    }
]

TEMPLATES = r"""
{{question}}
Question: {{question}}\nAnswer:
{{question.strip()}}
{{question.lstrip()}}|{{question.rstrip()}}
{{text.split(' ')}}
{{text.split()}}
{{text.split(' ')[:-1]|join(' ')}}
{{' '+text.split(' ')[-2]}}
{{text.split(None, 1)}}{{text.rsplit(None, 1)}}{{text.split(' ', 1)}}{{text.rsplit(' ', 2)}}
{{choices.text}}
{{choices['text']}}
{{choices.label.index(answerKey)}}
{{choices.label.index(answerKey.lstrip())}}
{{[choices.text[0], choices.text[1]]}}
{{[question, quote]}}
{{[text, name, label, ratio, flag, nothing]}}
{{(1, 'a')}}{{(1,)}}{{()}}
{{ {'a': 1, "b": [quote]} }}
{{nested}}
{{nested[1].b[1]}}
{{nested[0][2]}}
{{label}} {{negative}} {{ratio}} {{big}} {{small}} {{third}} {{flag}} {{off}} {{nothing}}
{{label + 1}} {{label - 5}} {{label * 2.5}} {{label / 4}} {{7 // 2}} {{-7 // 2}} {{-7 % 3}} {{2 ** 10}} {{-2 ** 2}}
{{flag + 1}} {{flag and name}} {{off or name}} {{nothing or 'none'}} {{not flag}} {{not off and flag}}
{{not label == 3}} {{not 'a' in name}} {{'a' not in name}} {{'ada' in name}} {{answerKey in choices.label}} {{'text' in choices}}
{{1 == 1.0}} {{1 == True}} {{'1' == 1}} {{[1, 2] == [1, 2.0]}} {{(1,) == [1]}} {{none == false}} {{'a' != 'b'}}
{{1 < 2}} {{'a' < 'b'}} {{[1, 2] < [1, 3]}} {{2 >= 2.0}}
{{'a' ~ 1 ~ none ~ [1]}} {{1 ~ 2 + 3 ~ 4 if off else 'x'}}
{{'yes' if flag else 'no'}} {{'yes' if off else 'no'}} {{'a' if off else 'b' if off else 'c'}}
{{name.capitalize()}} {{name.title()}} {{name.upper()}} {{accent.lower()}} {{accent.upper()}} {{accent.capitalize()}} {{accent.title()}} {{accent.swapcase()}}
{{name|capitalize}} {{name|title}} {{"it's o'neil (x) [y] a-b"|title}} {{"it's o'neil"|upper}} {{"it's o'neil".title()}}
{{accent[::-1]}} {{accent[3:6]}} {{accent[-2]}} {{accent|length}} {{accent|list}}
{{text[1:]}}|{{text[:3]}}|{{text[-4:-1]}}|{{text[::2]}}|{{text[10:2:-3]}}|{{options[1:]}}|{{options[::-1]}}|{{text[100:]}}|{{options[-5:2]}}
{{name.replace('a', 'b')}} {{name.replace('a', 'b', 1)}} {{name|replace('a', '')}} {{name|replace('a', '', 1)}} {{'abc'.replace('', '-')}} {{'abc'.replace('', '-', 2)}}
{{name.startswith('ada')}} {{name.endswith(('x', 'ce'))}} {{name.find('l')}} {{name.find('zz')}} {{name.index('love')}} {{name.count('a')}} {{name.rfind('l')}} {{accent.find('x')}}
{{'-'.join(options)}} {{options|join}} {{options|join(', ')}} {{[1, none, 2.0]|join('/')}} {{people|join(', ', attribute='name')}}
{{options|length}} {{options|count}} {{options|first}} {{options|last}} {{name|first}} {{options|reverse|list}} {{name|reverse}}
{{options|map('lower')|list}} {{people|map(attribute='age')|list}} {{people|sum(attribute='age')}} {{[1, 2.5]|sum}}
{{people|selectattr('age', 'gt', 4)|map(attribute='name')|join(' ')}} {{options|select('equalto', 'x')|list}} {{[0, 1, '', 'a']|select|list}} {{[1, 2, 3, 4]|reject('odd')|list}}
{{people|rejectattr('age', 'lt', 5)|map(attribute='name')|list}}
{{options|sort}} {{options|sort(reverse=true)}} {{people|sort(attribute='name')|map(attribute='name')|list}} {{[3, 1, 2]|sort}} {{options|sort(case_sensitive=true)}}
{{options|max}} {{options|min}} {{[3, 7, 5]|max}} {{['a', 'A', 'b', 'a']|unique|list}} {{ {'b': 1, 'a': 2}|dictsort }}
{{digit|int + 1}} {{'x'|int}} {{'x'|int(7)}} {{'3.9'|int}} {{3.9|int}} {{'2.5'|float}} {{'x'|float}} {{label|float}} {{label|string + 'a'}} {{none|int}}
{{2.5|round}} {{3.5|round}} {{2.675|round(2)}} {{42.55|round(1, 'floor')}} {{42.51|round(1, 'ceil')}} {{-3|abs}} {{-3.5|abs}} {{7|round}}
{{'  x '|trim}}|{{'xxaxx'|trim('x')}}|{{'xxaxx'.strip('x')}}|{{'abcba'.lstrip('ab')}}|{{'abcba'.rstrip('ab')}}
{{missing|default('d')}} {{nothing|default('d')}} {{empty_text|default('d', true)}} {{choices.nope|default('d')}} {{missing|d(1)}}
{{missing is defined}} {{name is defined}} {{name is not defined}} {{nothing is none}} {{label is number}} {{name is string}} {{options is iterable}} {{options is mapping}} {{choices is mapping}} {{3 is odd}} {{3 is even}} {{9 is divisibleby(3)}} {{9 is divisibleby 3}}
{{flag is true}} {{off is false}} {{label is integer}} {{ratio is float}} {{1 is eq 1}} {{1 is in [1]}} {{nothing is not none}} {{missing is undefined}} {{'AB' is upper}} {{'ab' is lower}}
{% if flag %}a{% else %}b{% endif %}c
{% if off %}a{% elif label == 2 %}b{% else %}c{% endif %}
{% if word_false %}text is true{% endif %}{% if empty_text %}x{% endif %}{% if empty_list %}y{% endif %}{% if nothing %}z{% endif %}{% if '0' %}0{% endif %}{% if 0.0 %}w{% endif %}
{% for o in options %}{{loop.index}}. {{o}}\n{% endfor %}
{% for o in options %}{{loop.index0}}{{loop.first}}{{loop.last}}{{loop.length}}{{loop.revindex}}{{loop.revindex0}}{% if not loop.last %}, {% endif %}{% endfor %}
{% for o in options if o != 'Y' %}{{loop.index}}{{o}}{% endfor %}{% for o in [] %}x{% else %}none{% endfor %}
{% for k, v in choices.items() %}{{k}}={{v}};{% endfor %}{% for k in choices %}{{k}}{% endfor %}{{choices.keys()|list}}{{choices.values()|list}}
{% for a, b in [(1, 2), [3, 4]] %}{{a + b}} {% endfor %}{% for c in 'añ😀' %}[{{c}}]{% endfor %}{% for i in range(3) %}{{i}}{% endfor %}{% for i in range(5, 0, -2) %}{{i}}{% endfor %}
{% set x = 'a' %}{% set y = x ~ 'b' %}{{y}}{% set p, q = 1, 2 %}{{p + q}}
{% set x %}in {{name}}{% endset %}{{x|upper}}
{% set ns = namespace(n=0) %}{% for o in options %}{% set ns.n = ns.n + loop.index %}{% endfor %}{{ns.n}}
{% set x = 1 %}{% for o in options %}{% set x = 2 %}{% endfor %}{{x}}{% if flag %}{% set x = 3 %}{% endif %}{{x}}
{% raw %}{{ not }} {% this %}{% endraw %}{# a comment #}!
a  {%- if flag -%}  b  {%- endif -%}  c
a  {{- name -}}  b
{%- for o in options %}\n- {{o}}\n{%- endfor %}
\n{{name}}\n\n
{{'a\nb\tc\\d\'e"'}} {{"x\"y"}} {{'\u00e9\x41'}} {{'\['}}
{{'}}'}} {{"{{"}} {{'%}'}}
{{html}} {{html|string}} {{'<i>'|safe}}
{{quote}} {{[quote]}} {{[accent]}} {{[control]}} {{[multi]}}
{{multi|indent}} {{multi|indent(2, true)}} {{multi|indent(width=2, blank=true)}} {{multi|indent('> ')}}
{{multi.splitlines()}} {{name.partition(' ')}} {{name.rpartition('a')}} {{name.removeprefix('ada ')}} {{name.removesuffix('x')}}
{{'%s is %d or %.2f, %5d%%' % (name, 3, 0.126, 42)}} {{'%r' % name}} {{'%s-%s'|format('a', 1)}} {{'{0} {1} {x}'.format('a', 2, x='b')}} {{'{} {}'.format(1, 2)}}
{{name.isalpha()}} {{'abc'.isalpha()}} {{digit.isdigit()}} {{'²'.isdigit()}} {{'  '.isspace()}} {{'aB'.islower()}} {{'AB'.isupper()}} {{'7'.zfill(3)}} {{'-7'.zfill(4)}} {{'a1'.isalnum()}}
{{'a.b.c'.split('.')[1]}} {{'abcd'[label]}} {{'ABCD'[digit|int - 1] if digit|string in '1234' else digit}}
{{text|wordcount}} {{text|regex_replace('\\s+', ' ')}} {{name|regex_replace('(a)(d)', '\\2\\1')}} {{'[title] x [b]'|regex_replace('\\[.*?\\]', '')}} {{name|regex_replace('a', 'X', 1)}}
{{literal}}
{{[1, 2] + [3]}} {{[0] * 3}} {{'ab' * 2}} {{(1, 2) + (3,)}}
{{nested|tojson}} {{html|tojson}} {{quote|tojson}} {{accent|tojson}}
{{people[0].name}} {{people[-1]['age']}} {{people|length > 2}} {{(people|first).name}} {{people[label].name}}
{{ choices['text'][0] }} {{ choices["label"][label - 1] }}
{{question|trim}}{{"\n"}}{% for c in choices.text %}{{"ABC"[loop.index0]}}. {{c}}{{"\n"}}{% endfor %}Answer:
{{[choices.text[0].strip(), (choices.text[1]|upper)[:4]]}}
{{dict(a=1, b=name)}} {{dict(a=1).a}} {{choices.get('nope', 'd')}} {{choices.get('label')}}
{{name[0]|upper ~ name[1:]}} {{name[0].upper() + name[1:]}}
{{label +1}} {{label+1}} {{label -1}} {{+1}} {{- label}}
{{1e3}} {{1.50}} {{100000000000000000}} 
{{-1|abs}} {{(-1)|abs}} {{2 * 3|string}} {{'a' + 'b'|upper}}
{{true}} {{True}} {{false}} {{None}} {{none}}
{{missing}}
{{choices.nope}}
{{choices['nope']}}
{{missing.x}}
{{options[9]}}
{% if missing %}x{% endif %}
{% for x in missing %}x{% endfor %}
{{missing + 'a'}}
{{missing|upper}}
{{'x' if off}}
{{name.nope}}
{{nothing.x}}
{{name + 1}}
{{name - 1}}
{{name.index('zz')}}
{{options.index('zz')}}
{{1 / 0}}
{{[1]|join(missing)}}
""".strip("\n").split("\n")

cases = []
for place, row in enumerate(ROWS):
    for line in TEMPLATES:
        # A line break within a template's text is written \\n; within an expression it stays an escape.
        template = re.sub(r"(\{\{.*?\}\}|\{%.*?%\})|\\n", lambda m: m.group(1) or "\n", line)
        case = {"row": place, "template": template}
        try:
            compiled = env.from_string(template)
        except Exception as e:  # noqa: BLE001
            sys.exit(f"{template}: {e}")
        try:
            case["result"] = compiled.render(**row)
        except UndefinedError:
            case["error"] = "undefined"
        except Exception:  # noqa: BLE001
            case["error"] = "other"
        cases.append(case)
json.dump({"rows": ROWS, "cases": cases}, sys.stdout, ensure_ascii=False, indent=1)
