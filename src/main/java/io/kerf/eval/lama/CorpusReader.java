package io.kerf.eval.lama;

import io.kerf.json.Json;
import io.kerf.rows.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads LAMA's files as they are. */
final class CorpusReader {
  /** The sentences LAMA asks Google-RE's relations by; they are in no file of the data. */
  private static final Map<String, String> GOOGLE_RE =
      Map.of(
          "place_of_birth", "[X] was born in [Y] .",
          "date_of_birth", "[X] (born [Y]).",
          "place_of_death", "[X] died in [Y] .");

  private final List<Fact> facts = new ArrayList<>();
  private final List<DataFile> files = new ArrayList<>();

  private CorpusReader() {}

  /** Facts that each bring their masked sentence: SQuAD, ConceptNet. */
  static Corpus sentences(String name, Path file) {
    CorpusReader reader = new CorpusReader();
    reader.read(file, Relation.untemplated(name));
    return reader.corpus(name);
  }

  /** Google-RE: {@code place_of_death_test.jsonl} and its like. */
  static Corpus googleRe(String name, Path folder) {
    CorpusReader reader = new CorpusReader();
    for (Path file : list(folder, "*_test.jsonl")) {
      String relation = file.getFileName().toString().replaceFirst("_test\\.jsonl$", "");
      String template = GOOGLE_RE.get(relation);
      if (template == null) {
        throw new IllegalArgumentException(
            file + " is not a relation of Google-RE, which has " + GOOGLE_RE.keySet());
      }
      reader.read(file, new Relation(relation, template, ""));
    }
    return reader.corpus(name);
  }

  /**
   * A file of facts for each relation: T-REx, and data in its form.
   *
   * @param relations file of templates and types
   * @param folder holds {@code RELATION.jsonl}; relations without a file are passed over
   */
  static Corpus relations(String name, Path relations, Path folder) {
    CorpusReader reader = new CorpusReader();
    List<Json> rows = Json.readLines(relations);
    reader.files.add(DataFile.of(relations, rows.size()));
    for (Json row : rows) {
      Path file = folder.resolve(row.at("relation").text() + ".jsonl");
      if (Files.isRegularFile(file)) {
        reader.read(file, relation(row));
      }
    }
    if (reader.facts.isEmpty()) {
      throw new IllegalArgumentException(
          folder + " holds no facts of any relation that " + relations + " names");
    }
    return reader.corpus(name);
  }

  private static Relation relation(Json row) {
    try {
      return new Relation(
          row.at("relation").text(),
          row.at("template").text(),
          row.at("type").optional().map(Json::text).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(row.where() + ": " + e.getMessage(), e);
    }
  }

  /** One file in which every row names its relation and template. */
  static Corpus selfContained(String name, Path file) {
    CorpusReader reader = new CorpusReader();
    Map<String, Relation> relations = new LinkedHashMap<>();
    List<Json> rows = Json.readLines(file);
    for (Json row : rows) {
      Relation relation = relation(row);
      reader.add(row, relations.computeIfAbsent(relation.toString(), r -> relation));
    }
    reader.files.add(DataFile.of(file, rows.size()));
    return reader.corpus(name);
  }

  private void read(Path file, Relation relation) {
    List<Json> rows = Json.readLines(file);
    rows.forEach(row -> add(row, relation));
    files.add(DataFile.of(file, rows.size()));
  }

  private void add(Json row, Relation relation) {
    Json id = row.at("uuid").present() ? row.at("uuid") : row.at("id");
    boolean templated = relation.templated();
    facts.add(
        new Fact(
            id.present() ? id.text() : relation.name() + "-" + facts.size(),
            relation,
            row.at(templated || row.at("sub_label").present() ? "sub_label" : "sub").text(),
            row.at("obj_label").text(),
            templated ? List.of() : row.at("masked_sentences").texts(),
            judgedWrong(row.at("judgments"))));
  }

  private static boolean judgedWrong(Json judgments) {
    if (!judgments.present()) {
      return false;
    }
    List<Json> all = judgments.items();
    long yes = all.stream().filter(j -> j.at("judgment").text().equals("yes")).count();
    return all.size() - yes > yes;
  }

  private Corpus corpus(String name) {
    return new Corpus(name, facts, files);
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder + ": " + e.getMessage(), e);
    }
    found.sort(null);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(folder + " holds no " + glob);
    }
    return found;
  }
}
