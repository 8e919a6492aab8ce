package io.kerf.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value of a JSON document that knows where it stands, so that a wrong one is named by file and
 * field.
 *
 * <p>Values are read strictly: {@link #text()} of a number is an error, not its digits, and so are
 * a field that appears twice and anything behind the document. Nesting and token lengths are
 * bounded, since documents are untrusted.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(64 << 20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final long MAX_ROWS_BYTES = 1L << 30; // rows are held in memory
  private static final long MAX_BYTES = 256L << 20; // the largest tokenizers have about 40 MB

  private final JsonNode node; // null where the document has no such field
  private final String where; // "config.json: rope_scaling.factor"

  Json(JsonNode node, String where) {
    this.node = node;
    this.where = where;
  }

  /**
   * Parses a text.
   *
   * @param origin how errors name the document, usually its file
   * @throws JsonException if it is not JSON
   */
  public static Json parse(String text, String origin) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw new JsonException(origin + " is empty, expected a JSON document");
      }
      return new Json(node, origin + ": ");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String place =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new JsonException(origin + " is not JSON" + place + ": " + e.getOriginalMessage());
    }
  }

  /**
   * A value that was read from a file of another kind: maps, lists, strings, numbers, booleans and
   * null, in any depth.
   *
   * @param origin how errors name the document, usually file and row
   */
  public static Json of(Object value, String origin) {
    return new Json(Nodes.of(value), origin + ": ");
  }

  /** Parses UTF-8 bytes; see {@link #parse(String, String)}. */
  public static Json parse(byte[] utf8, String origin) {
    return parse(new String(utf8, StandardCharsets.UTF_8), origin);
  }

  /** Parses a file of at most 256 MiB. */
  public static Json read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new JsonException(
            file + " has " + size + " bytes, a document is read up to " + MAX_BYTES);
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses a file of one JSON document a line; blank lines are skipped.
   *
   * @throws JsonException if a line is not JSON, or the file not UTF-8 or larger than 1 GiB
   */
  public static List<Json> readLines(Path file) {
    List<Json> rows = new ArrayList<>();
    int number = 0;
    try (var lines = Files.lines(file)) {
      if (Files.size(file) > MAX_ROWS_BYTES) {
        throw new JsonException(
            file
                + " has "
                + Files.size(file)
                + " bytes, rows are read up to "
                + MAX_ROWS_BYTES
                + "; split the file");
      }
      for (var it = lines.iterator(); it.hasNext(); ) {
        String line = it.next();
        number++;
        if (!line.isBlank()) {
          rows.add(parse(line, file + ":" + number));
        }
      }
    } catch (UncheckedIOException e) { // from the iterator: bytes that are no text, or a bad disk
      throw new JsonException(
          file + " cannot be read as UTF-8 text after line " + number + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return rows;
  }

  /**
   * A value as JSON text: maps, iterables, arrays, strings, numbers, booleans and null, in any
   * depth.
   */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new JsonException("cannot be written as JSON: " + e.getOriginalMessage());
    }
  }

  /** The same with a line for each field and element, as a file that people read. */
  public static String writePretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new JsonException("cannot be written as JSON: " + e.getOriginalMessage());
    }
  }

  /**
   * The object as a map in the document's order that the caller may change; what is in it are maps,
   * lists, strings, numbers, booleans and null.
   */
  public Map<String, Object> toMap() {
    require("an object", isObject());
    return MAPPER.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** The field of that name; it may be absent, which only shows when its value is asked for. */
  public Json at(String field) {
    return new Json(node == null ? null : node.get(field), child(field));
  }

  /** The element at that index of an array. */
  public Json at(int index) {
    return new Json(node == null ? null : node.get(index), child("[" + index + "]"));
  }

  private String child(String name) {
    boolean root = where.endsWith(": ");
    return where + (root || name.startsWith("[") ? "" : ".") + name;
  }

  /** Whether the document has this value and it is not null. */
  public boolean present() {
    return node != null && !node.isNull();
  }

  public boolean isObject() {
    return present() && node.isObject();
  }

  public boolean isArray() {
    return present() && node.isArray();
  }

  public boolean isText() {
    return present() && node.isTextual();
  }

  public boolean isNumber() {
    return present() && node.isNumber();
  }

  public boolean isBoolean() {
    return present() && node.isBoolean();
  }

  /** This value, or nothing where it is absent or null. */
  public Optional<Json> optional() {
    return present() ? Optional.of(this) : Optional.empty();
  }

  /** The string. */
  public String text() {
    return require("a string", isText()).textValue();
  }

  /** The whole number, in the range of int. */
  public int integer() {
    require("a whole number", isNumber() && node.isIntegralNumber());
    if (!node.canConvertToInt()) {
      throw wrong("a whole number between -2^31 and 2^31 - 1");
    }
    return node.intValue();
  }

  /** The whole number, in the range of long. */
  public long longInteger() {
    require("a whole number", isNumber() && node.isIntegralNumber());
    if (!node.canConvertToLong()) {
      throw wrong("a whole number between -2^63 and 2^63 - 1");
    }
    return node.longValue();
  }

  /** The number, in the range of double. */
  public double number() {
    double number = require("a number", isNumber()).doubleValue();
    if (!Double.isFinite(number)) {
      throw wrong("a number that a double holds");
    }
    return number;
  }

  /** True or false. */
  public boolean bool() {
    return require("true or false", isBoolean()).booleanValue();
  }

  /** The elements of an array. */
  public List<Json> items() {
    require("an array", isArray());
    List<Json> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(at(i));
    }
    return items;
  }

  /** The fields of an object, in the document's order. */
  public Map<String, Json> fields() {
    require("an object", isObject());
    Map<String, Json> fields = new LinkedHashMap<>();
    node.fieldNames().forEachRemaining(name -> fields.put(name, at(name)));
    return fields;
  }

  /** The array's whole numbers. */
  public int[] integers() {
    return items().stream().mapToInt(Json::integer).toArray();
  }

  /** The array's numbers. */
  public double[] numbers() {
    return items().stream().mapToDouble(Json::number).toArray();
  }

  /** The array's strings. */
  public List<String> texts() {
    return items().stream().map(Json::text).toList();
  }

  /** Where this value stands, "config.json: rope_scaling.factor", for errors of the caller. */
  public String where() {
    return where.endsWith(": ") ? where.substring(0, where.length() - 2) : where;
  }

  /** The value as JSON text, or "absent". */
  @Override
  public String toString() {
    return node == null ? "absent" : node.toString();
  }

  private JsonNode require(String kind, boolean fits) {
    if (!fits) {
      throw wrong(kind);
    }
    return node;
  }

  private JsonException wrong(String kind) {
    String seen = toString();
    return new JsonException(
        where()
            + " must be "
            + kind
            + ", was "
            + (seen.length() > 80 ? seen.substring(0, 80) + "..." : seen));
  }
}
