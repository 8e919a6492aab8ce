package io.kerf.eval.lama;

import io.kerf.json.Json;
import io.kerf.rows.DataFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Several sentences for each of some relations that ask the same: ParaRel's patterns (Elazar et
 * al., arXiv 2102.01017).
 *
 * @param patterns by relation; each has {@code [X]} and {@code [Y]}
 */
public record Paraphrases(Map<String, List<String>> patterns, List<DataFile> files) {
  public Paraphrases {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    patterns.forEach((relation, some) -> copy.put(relation, List.copyOf(some)));
    patterns = Map.copyOf(copy);
    files = List.copyOf(files);
  }

  /**
   * Reads {@code RELATION.jsonl}, a pattern a line, of those relations that have such a file.
   *
   * @throws IllegalArgumentException if none of them has, or a pattern lacks a place
   */
  public static Paraphrases read(Path folder, Collection<String> relations) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    List<DataFile> files = new ArrayList<>();
    for (String relation : new LinkedHashSet<>(relations)) {
      Path file = folder.resolve(relation + ".jsonl");
      if (Files.isRegularFile(file)) {
        List<Json> rows = Json.readLines(file);
        patterns.put(
            relation, rows.stream().map(row -> pattern(relation, row)).distinct().toList());
        files.add(DataFile.of(file, rows.size()));
      }
    }
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException(
          folder
              + " has paraphrases of none of the relations "
              + String.join(", ", new LinkedHashSet<>(relations)));
    }
    return new Paraphrases(patterns, files);
  }

  private static String pattern(String relation, Json row) {
    String text = row.at("pattern").text();
    if (!text.contains("[X]") || !text.contains("[Y]")) {
      throw new IllegalArgumentException(
          row.where()
              + ": the template of "
              + relation
              + " must have [X] and [Y], was '"
              + text
              + "'");
    }
    return text;
  }

  /** The patterns of a relation; none where none were read. */
  List<String> of(Relation relation) {
    return patterns.getOrDefault(relation.name(), List.of());
  }
}
