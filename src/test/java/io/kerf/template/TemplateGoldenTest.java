package io.kerf.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What Python's jinja2 gives; {@code make_goldens.py} beside the file wrote it. */
class TemplateGoldenTest {
  private static final Json GOLDENS =
      Json.read(Path.of("src/test/resources/templates/goldens.json"));

  @TestFactory
  Stream<DynamicTest> givesPythonsStrings() {
    List<Json> rows = GOLDENS.at("rows").items();
    List<Json> cases = GOLDENS.at("cases").items();
    assertTrue(cases.size() > 100);
    return cases.stream()
        .map(
            golden ->
                dynamicTest(
                    golden.at("template").text().replace("\n", "\\n"),
                    () -> check(golden, rows.get(golden.at("row").integer()))));
  }

  private void check(Json golden, Json row) {
    Map<?, ?> values = (Map<?, ?>) Values.of(row);
    Template template = Template.of(golden.at("template").text());
    if (golden.at("result").present()) {
      assertEquals(golden.at("result").text(), template.render(values));
      return;
    }
    var error = assertThrows(TemplateException.class, () -> template.render(values));
    if (golden.at("error").text().equals("undefined")) {
      assertTrue(error.getMessage().contains("undefined"), error::getMessage);
    }
  }
}
