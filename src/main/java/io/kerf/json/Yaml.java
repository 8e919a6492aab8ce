package io.kerf.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.Optional;

/** YAML that says what JSON could say, such as the head of a data set's README. */
public final class Yaml {
  private static final String FENCE = "---";
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private Yaml() {}

  /**
   * The document that stands before a Markdown text, between two lines of {@value #FENCE}; nothing
   * where there is none.
   *
   * @param origin how errors name it
   * @throws JsonException if it is not YAML
   */
  public static Optional<Json> head(String markdown, String origin) {
    String[] parts = markdown.split("(?m)^" + FENCE + "[ \t]*\r?$", 3);
    if (parts.length < 3 || !parts[0].isBlank()) {
      return Optional.empty();
    }
    try {
      JsonNode node = MAPPER.readTree(parts[1]);
      return Optional.of(new Json(node, origin + ": ")).filter(Json::present);
    } catch (JsonProcessingException e) {
      throw new JsonException(origin + " is not YAML: " + e.getOriginalMessage());
    } catch (StackOverflowError e) {
      throw new JsonException(origin + " nests too deep");
    }
  }
}
