package io.kerf.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Java's values as Jackson's, without the buffer of tokens that Jackson itself puts between. */
final class Nodes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private Nodes() {}

  /** Maps, lists, strings, numbers, booleans and null; anything else is a caller's mistake. */
  static JsonNode of(Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    if (value instanceof Map<?, ?> fields) {
      ObjectNode object = NODES.objectNode();
      fields.forEach((name, field) -> object.set((String) name, of(field)));
      return object;
    }
    if (value instanceof List<?> elements) {
      ArrayNode array = NODES.arrayNode(elements.size());
      elements.forEach(element -> array.add(of(element)));
      return array;
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number.doubleValue());
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number.longValue());
    }
    if (value instanceof BigInteger number) {
      return NODES.numberNode(number);
    }
    if (value instanceof BigDecimal number) {
      return NODES.numberNode(number);
    }
    throw new IllegalArgumentException("no value of JSON: " + value.getClass().getName());
  }
}
