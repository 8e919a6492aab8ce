package io.kerf.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code --name value} pairs of a command line. */
final class Arguments {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads a command line.
   *
   * @param known the names that the command has
   * @throws IllegalArgumentException if it holds anything else
   */
  Arguments(String[] line, Set<String> known) {
    for (int i = 0; i < line.length; i += 2) {
      String name = line[i].startsWith("--") ? line[i].substring(2) : "";
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "'" + line[i] + "' is no option here; there are --" + String.join(", --", known));
      }
      if (i + 1 == line.length) {
        throw new IllegalArgumentException(line[i] + " needs a value after it");
      }
      values.put(name, line[i + 1]);
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A whole number of at least 1. */
  int count(String name, int otherwise) {
    String value = values.getOrDefault(name, String.valueOf(otherwise));
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "--" + name + " must be a whole number of at least 1, was " + value);
    }
    return Integer.parseInt(value);
  }

  /** Whole numbers of at least 1 with commas between them. */
  int[] counts(String name, String otherwise) {
    String value = values.getOrDefault(name, otherwise);
    if (!value.matches("[1-9][0-9]{0,8}(,[1-9][0-9]{0,8})*")) {
      throw new IllegalArgumentException(
          "--" + name + " must be whole numbers with commas between them, was " + value);
    }
    return Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
  }
}
