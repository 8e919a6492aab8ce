package io.kerf.mutation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Damages what a JSON document says and leaves it JSON, but for a key that stands twice. */
public final class JsonMutations {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern KEY = Pattern.compile("\"[\\w.]+\":");
  private static final int MANY = 64; // places among a container's children that are looked at
  private static final String[] AWKWARD_TEXTS = {
    "",
    " ",
    "\0",
    "a",
    "\ud800",
    "▁",
    "../x",
    "(a*)*b",
    "(?:",
    "[",
    "\\",
    "$A",
    "null",
    "Sequence",
    "Replace",
    "ByteLevel",
    "Strip",
    "BPE",
    "AAAA",
    "llama3",
    "gelu",
    "x".repeat(3000)
  };
  private static final Number[] AWKWARD_NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    64,
    0.5,
    1e-300,
    1e300,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    BigInteger.ONE.shiftLeft(70),
    new BigDecimal("1e400")
  };

  private JsonMutations() {}

  /** One to three changes. */
  public static byte[] of(byte[] valid, Random random) {
    try {
      JsonNode root = MAPPER.readTree(valid);
      int changes = Math.max(1, random.nextInt(5) - 1);
      for (int i = 0; i < changes; i++) {
        if (root instanceof ContainerNode<?> container && !container.isEmpty()) {
          root = changed(container, random, root);
        }
      }
      String text = MAPPER.writeValueAsString(root);
      if (random.nextInt(16) == 0) {
        text = withAKeyTwice(text, random);
      }
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the original is no JSON", e);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Goes down to some container and changes one of its children. */
  private static JsonNode changed(ContainerNode<?> container, Random random, JsonNode root) {
    while (random.nextInt(4) != 0) {
      List<ContainerNode<?>> below = new ArrayList<>();
      for (JsonNode child : container) {
        if (child instanceof ContainerNode<?> inner && !inner.isEmpty()) {
          below.add(inner);
          if (below.size() == MANY) {
            break;
          }
        }
      }
      if (below.isEmpty()) {
        break;
      }
      container = below.get(random.nextInt(below.size()));
    }
    int at = random.nextInt(container.size());
    if (container instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(at);
      switch (random.nextInt(6)) {
        case 0 -> object.remove(name);
        case 1 -> { // renamed
          JsonNode value = object.remove(name);
          object.set(text(random), value);
        }
        case 2 -> { // two values change places
          String other = names.get(random.nextInt(names.size()));
          JsonNode value = object.get(name);
          object.set(name, object.get(other));
          object.set(other, value);
        }
        default -> object.set(name, instead(object.get(name), random, root));
      }
    } else {
      ArrayNode array = (ArrayNode) container;
      switch (random.nextInt(4)) {
        case 0 -> array.remove(at);
        case 1 -> array.insert(at, array.get(random.nextInt(array.size())).deepCopy());
        default -> array.set(at, instead(array.get(at), random, root));
      }
    }
    return root;
  }

  private static JsonNode instead(JsonNode value, Random random, JsonNode root) {
    return switch (random.nextInt(10)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2, 3 -> number(AWKWARD_NUMBERS[random.nextInt(AWKWARD_NUMBERS.length)]);
      case 4 -> NODES.textNode(text(random));
      case 5 -> random.nextBoolean() ? NODES.arrayNode() : NODES.objectNode();
      case 6 -> nested(value, 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 6));
      case 7 -> elsewhere(root, random).deepCopy();
      case 8 -> NODES.textNode(value.isTextual() ? edited(value.textValue(), random) : "1");
      default -> value.isNumber() ? NODES.numberNode(value.longValue() + 1) : NODES.arrayNode();
    };
  }

  private static JsonNode number(Number number) {
    if (number instanceof Double value) {
      return NODES.numberNode(value);
    }
    if (number instanceof BigDecimal value) {
      return NODES.numberNode(value);
    }
    return number instanceof BigInteger value
        ? NODES.numberNode(value)
        : NODES.numberNode(number.longValue());
  }

  private static String text(Random random) {
    return AWKWARD_TEXTS[random.nextInt(AWKWARD_TEXTS.length)];
  }

  private static String edited(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + text(random) + text.substring(at);
      default -> text.substring(0, at) + (char) random.nextInt(0x300) + text.substring(at);
    };
  }

  private static JsonNode nested(JsonNode value, int depth) {
    JsonNode outer = value;
    for (int i = 0; i < depth; i++) {
      outer = NODES.arrayNode().add(outer);
    }
    return outer;
  }

  /** Some value of the document. */
  private static JsonNode elsewhere(JsonNode root, Random random) {
    JsonNode node = root;
    while (node.size() > 0 && (node == root || random.nextInt(3) != 0)) {
      int skipped = random.nextInt(Math.min(node.size(), MANY));
      var children = node.elements();
      for (int i = 0; i < skipped; i++) {
        children.next();
      }
      node = children.next();
    }
    return node;
  }

  private static String withAKeyTwice(String text, Random random) {
    List<Integer> starts = new ArrayList<>();
    Matcher keys = KEY.matcher(text);
    while (keys.find() && starts.size() < 1000) {
      starts.add(keys.start());
    }
    if (starts.isEmpty()) {
      return text;
    }
    int start = starts.get(random.nextInt(starts.size()));
    String key = text.substring(start, text.indexOf(':', start) + 1);
    return text.substring(0, start) + key + "0," + text.substring(start);
  }
}
