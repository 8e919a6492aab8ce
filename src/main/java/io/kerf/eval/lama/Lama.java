package io.kerf.eval.lama;

import io.kerf.eval.DataHome;
import io.kerf.name.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** LAMA's corpora by name, and the project's own facts in LAMA's form. */
public final class Lama {
  private static final String OWN_FACTS_INSTEAD =
      "probe the facts that the project ships: lama(\"facts\")";

  private enum Source {
    /** Squad/test.jsonl: questions turned into sentences, 305 rows. */
    SQUAD("lama/Squad/test.jsonl"),
    /** Google_RE/*_test.jsonl: three relations of people. */
    GOOGLE_RE("lama/Google_RE"),
    /** TREx/P*.jsonl: 41 relations of Wikidata. */
    TREX("lama/TREx"),
    /** ConceptNet/test.jsonl: common sense. */
    CONCEPTNET("lama/ConceptNet/test.jsonl"),
    /** facts/*.jsonl: written for this project. */
    FACTS("facts/relations.jsonl");

    private final String place;

    Source(String place) {
      this.place = place;
    }

    String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final DataHome home;

  private Lama(DataHome home) {
    this.home = home;
  }

  /** LAMA as that home has it. */
  public static Lama in(DataHome home) {
    return new Lama(home);
  }

  /** All names that {@link #task} knows, whether their data are here or not. */
  public static List<String> names() {
    return Arrays.stream(Source.values()).map(Source::id).toList();
  }

  /** The names whose data are here. */
  public List<String> available() {
    return Arrays.stream(Source.values())
        .filter(s -> home.find(s.place).isPresent())
        .map(Source::id)
        .toList();
  }

  /**
   * A corpus by its name ("squad"), or one relation of it ("trex/P19"), ranked among the words that
   * come with it: LAMA's common vocabulary, or that of the project's own facts.
   */
  public LamaTask task(String name) {
    int slash = name.indexOf('/');
    Source source = source(slash < 0 ? name : name.substring(0, slash), name);
    Corpus corpus = corpus(source);
    if (slash >= 0) {
      corpus = relation(corpus, name.substring(slash + 1));
    }
    return LamaTask.of(corpus).among(vocabulary(source));
  }

  private static Source source(String id, String given) {
    return Arrays.stream(Source.values())
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Names.unknown("LAMA corpus", given, names()));
  }

  private Corpus corpus(Source source) {
    Path place = home.require(source.place, OWN_FACTS_INSTEAD);
    return switch (source) {
      case SQUAD, CONCEPTNET -> CorpusReader.sentences(source.id(), place);
      case GOOGLE_RE -> CorpusReader.googleRe(source.id(), place);
      case TREX ->
          CorpusReader.relations(
              source.id(), home.require("lama/relations.jsonl", OWN_FACTS_INSTEAD), place);
      case FACTS -> CorpusReader.relations(source.id(), place, place.getParent());
    };
  }

  private static Corpus relation(Corpus corpus, String name) {
    List<Fact> facts =
        corpus.facts().stream().filter(f -> f.relation().name().equals(name)).toList();
    if (facts.isEmpty()) {
      throw Names.unknown(
          "relation of " + corpus.name(),
          name,
          corpus.facts().stream().map(f -> f.relation().name()).distinct().toList());
    }
    var files = new ArrayList<>(corpus.files());
    files.removeIf(
        f ->
            !f.path().endsWith("relations.jsonl")
                && !f.path().getFileName().toString().startsWith(name));
    return new Corpus(corpus.name() + "/" + name, facts, files);
  }

  private WordList vocabulary(Source source) {
    return WordList.read(
        source == Source.FACTS
            ? home.require("facts/vocabulary.txt", "restore it from the project")
            : home.require("lama/common_vocab_cased.txt", OWN_FACTS_INSTEAD));
  }

  /** A file in which every row names its relation and template, ranked among all tokens. */
  public static LamaTask file(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("no file " + file);
    }
    return LamaTask.of(CorpusReader.selfContained(name, file));
  }
}
