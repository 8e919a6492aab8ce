package io.kerf.eval.lama;

import io.kerf.eval.DataHome;
import io.kerf.name.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** LAMA's corpora by name, and the project's own facts in LAMA's form. */
public final class Lama {
  private static final String OWN_FACTS_INSTEAD =
      "probe the facts that the project ships: lama(\"facts\")";

  private static final List<String> PLACES = List.of("lama/", "", "data/");

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
        .filter(s -> find(s.place).isPresent())
        .map(Source::id)
        .toList();
  }

  /**
   * A corpus by its name ("squad"), or one relation of it ("trex/P19"), ranked among the words that
   * come with it: LAMA's common vocabulary, or that of the project's own facts.
   */
  public LamaTask task(String name) {
    Corpus corpus = named(name);
    return LamaTask.of(corpus).among(vocabulary(source(name)));
  }

  private Corpus named(String name) {
    Corpus corpus = corpus(source(name));
    int slash = name.indexOf('/');
    return slash < 0 ? corpus : relation(corpus, name.substring(slash + 1));
  }

  private static Source source(String given) {
    int slash = given.indexOf('/');
    String id = slash < 0 ? given : given.substring(0, slash);
    return Arrays.stream(Source.values())
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Names.unknown("LAMA corpus", given, names()));
  }

  private Corpus corpus(Source source) {
    Path place = require(source.place);
    return switch (source) {
      case SQUAD, CONCEPTNET -> CorpusReader.sentences(source.id(), place);
      case GOOGLE_RE -> CorpusReader.googleRe(source.id(), place);
      case TREX -> CorpusReader.relations(source.id(), require("lama/relations.jsonl"), place);
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
            : require("lama/common_vocab_cased.txt"));
  }

  /**
   * Where a file of LAMA's lies: in {@code lama}, in the folder of data itself, or as LAMA's own
   * archive has it, in {@code data}.
   */
  private Optional<Path> find(String place) {
    return home.folders().stream()
        .flatMap(
            folder -> PLACES.stream().map(in -> folder.resolve(place.replaceFirst("^lama/", in))))
        .filter(Files::exists)
        .findFirst();
  }

  private Path require(String place) {
    return find(place).orElseGet(() -> home.require(place, OWN_FACTS_INSTEAD));
  }

  /**
   * Paraphrases of the relations of a corpus: ParaRel's, from {@code lama/pararel_patterns}, or
   * those that come with the project's own facts.
   *
   * @param name as {@link #task} knows it
   */
  public Paraphrases paraphrases(String name) {
    Corpus corpus = named(name);
    return Paraphrases.read(
        source(name) == Source.FACTS
            ? home.require("facts/paraphrases", "restore it from the project")
            : require("lama/pararel_patterns"),
        corpus.facts().stream().map(fact -> fact.relation().name()).distinct().toList());
  }

  /** A file in which every row names its relation and template, ranked among all tokens. */
  public static LamaTask file(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("no file " + file);
    }
    return LamaTask.of(CorpusReader.selfContained(name, file));
  }
}
