package io.kerf.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static final Map<?, ?> ROW =
      (Map<?, ?>) Values.of(Json.parse("{\"q\": \"why\", \"xs\": [1, 2], \"n\": 3}", "row"));

  private static String refused(String template) {
    return assertThrows(TemplateException.class, () -> Template.of(template).render(ROW))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "{{nope}} => template '{{nope}}': 'nope' is undefined",
        "{{xs[5]}} => 5 is undefined in a list: it has 2 items",
        "{{ {'a': 1}.b }} => 'b' is undefined in a dict: it has ['a']",
        "{{q + 1}} => '+' is not for str and int",
        "{{n / 0}} => the int 3 / the int 0: division by zero",
        "{{q.index('z')}} => 'z' is not in the str 'why'",
        "{{xs.index(9)}} => 9 is not in [1, 2]",
        "{{q.stripp()}} => Unknown method of a string 'stripp'. Did you mean: strip",
        "{{xs.append(3)}} => Unknown method of a list 'append'",
        "{{q|upperr}} => Unknown filter 'upperr'. Did you mean: upper",
        "{{q is strin}} => Unknown test 'strin'. Did you mean: string",
        "{{lipsum()}} => Unknown function 'lipsum'. Known: dict, namespace, range",
        "{{q.strip(1, 2)}} => method 'strip' takes chars, was given 1, 2",
        "{{q.replace('a')}} => method 'replace' needs new",
        "{{q.split('')}} => a separator must not be empty",
        "{{n.foo()}} => the int 3 has no method 'foo'",
        "{{xs < q}} => cannot order list and str",
        "{{q[1:2:0]}} => the step of a slice must not be 0",
        "{% for a, b in [[1]] %}{% endfor %} => 2 names [a, b] cannot take 1 values",
        "{% for x in n %}{% endfor %} => nothing can be gone through in the int 3",
        "{% macro m() %}{% endmacro %} => the tag 'macro' is not known; known are if, for, set and raw",
        "{% include 'x' %} => the tag 'include' is not known",
        "{% if q %} => Missing end tag",
        "{{q => template",
        "{{q q}} => is no expression",
        "{{'abc'|regex_replace('(', '')}} => '(' is no pattern",
        "{{'%s %s' % q}} => '%s %s' needs more values than 1",
        "{{'%z' % q}} => has a directive that is not known",
        "{{'[1'|literal_eval}} => '[1' is no Python literal: expected ',' or ']' at character 2",
      })
  void saysWhatIsWrong(String template, String expected) {
    String message = refused(template);
    assertTrue(message.startsWith("template '"), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void nothingOfJavaCanBeReached() {
    assertTrue(refused("{{q.getClass()}}").contains("Unknown method of a string 'getClass'"));
    assertTrue(refused("{{q.class}}").contains("undefined"));
    assertTrue(refused("{{____int3rpr3t3r____}}").contains("undefined"));
  }

  @Test
  void workIsBounded() {
    assertTrue(
        refused("{% for a in range(3000) %}{% for b in range(3000) %}{% endfor %}{% endfor %}")
            .contains("more than 5000000 steps"));
    assertTrue(refused("{{'a' * 99999999}}").contains("more than 4194304 items is refused"));
    assertTrue(refused("{{range(99999999)}}").contains("a range of more than 1000000"));
    assertTrue(refused("{{2 ** 99}}").contains("overflow"));
    assertTrue(
        refused("{{('x' * 60)|regex_replace('^(x+x+)+\\\\1y$', '')}}")
            .contains("a pattern takes too long"));
    assertTrue(refused("{{" + "(".repeat(20000) + "1" + ")".repeat(20000) + "}}").contains("deep"));
    assertTrue(refused("x".repeat(300000)).contains("300000 characters is longer than 262144"));
    assertTrue(
        refused("{% for i in range(100) %}{{'a' * 1000000}}{% endfor %}")
            .contains("more than 16777216 characters"));
  }

  @Test
  void readsPythonsLiterals() {
    assertEquals(
        List.of("a", "it's", "x\ny", 1L, -2.5, true, None.NONE, "joined", "\\d"),
        PythonLiteral.parse(
            "['a', \"it's\", 'x\\ny', 1, -2.5, True, None, 'joi' 'ned', r'\\d', ]"));
    assertEquals(Map.of("k", List.of()), PythonLiteral.parse("{'k': []}"));
    assertEquals("(1, 'b')", PythonText.repr(PythonLiteral.parse("1, 'b'")));
    for (String wrong : List.of("", "[", "{1}", "'a", "a", "__import__('os')", "01", "[1 2]")) {
      assertThrows(TemplateException.class, () -> PythonLiteral.parse(wrong), wrong);
    }
  }
}
