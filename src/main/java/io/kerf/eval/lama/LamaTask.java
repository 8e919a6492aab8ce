package io.kerf.eval.lama;

import io.kerf.eval.DataFile;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * LAMA's protocol: the model reads a sentence with the fact's object masked, and the object's rank
 * among the candidates counts.
 *
 * <p>Left out are facts whose object is not one token or not among the candidates, that say the
 * same as an earlier one, whose readers mostly denied them, and sentences of more than 100 words.
 * Where a sentence has several masks the first is scored, a template must leave one.
 *
 * <p>P@k is the share of facts with rank at most k, MRR the mean of 1/rank (0 beyond 10,000);
 * "macro" is the mean over relations, as the paper reports.
 */
public final class LamaTask implements Task {
  private final Corpus corpus;
  private final WordList vocabulary; // null: every token of the model
  private final boolean anyRightObject;
  private final Sampling sampling;

  private LamaTask(Corpus corpus, WordList vocabulary, boolean anyRightObject, Sampling sampling) {
    this.corpus = Objects.requireNonNull(corpus, "corpus");
    this.vocabulary = vocabulary;
    this.anyRightObject = anyRightObject;
    this.sampling = Objects.requireNonNull(sampling, "sampling");
  }

  /** All facts of a corpus, objects ranked among all tokens of the model. */
  public static LamaTask of(Corpus corpus) {
    return new LamaTask(corpus, null, false, Sampling.all());
  }

  /** The same task with objects ranked among these words; others' facts are left out. */
  public LamaTask among(WordList words) {
    return new LamaTask(corpus, Objects.requireNonNull(words), anyRightObject, sampling);
  }

  /** The same task with objects ranked among all tokens of the model. */
  public LamaTask amongAllTokens() {
    return new LamaTask(corpus, null, anyRightObject, sampling);
  }

  /**
   * The same task in which other right objects of the same subject and relation do not push the
   * asked one down. (The original counts them as wrong.)
   */
  public LamaTask anyRightObject() {
    return new LamaTask(corpus, vocabulary, true, sampling);
  }

  /** The same task on some of the facts of each relation. */
  public LamaTask ofEachRelation(Sampling some) {
    return new LamaTask(corpus, vocabulary, anyRightObject, some);
  }

  @Override
  public String name() {
    return corpus.name();
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Set<Family.Kind> kinds() {
    return Set.of(Family.Kind.MASKED);
  }

  @Override
  public List<DataFile> data() {
    List<DataFile> files = new ArrayList<>(corpus.files());
    vocabulary().ifPresent(v -> files.add(v.file()));
    return files;
  }

  private Optional<WordList> vocabulary() {
    return Optional.ofNullable(vocabulary);
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "vocabulary",
        vocabulary().map(v -> v.name() + ", " + v.words().size() + " words").orElse("full"));
    settings.put("right answers", anyRightObject ? "any right object" : "the fact's object");
    settings.put("facts of each relation", sampling.label());
    return settings;
  }

  @Override
  public List<Metric> metrics() {
    List<String> values = new ArrayList<>();
    for (int k : FactOutcome.DEPTHS) {
      values.add("P@" + k);
    }
    values.add("MRR");
    List<Metric> metrics = new ArrayList<>();
    values.forEach(v -> metrics.add(Metrics.mean(v)));
    values.forEach(v -> metrics.add(Metrics.macro("macro " + v, v, "relation")));
    metrics.add(Metrics.mean("logProbability"));
    return metrics;
  }

  @Override
  public List<String> groupings() {
    return List.of("relation", "type");
  }

  @Override
  public Documents documents(Model model) {
    return new FactSelection(corpus, vocabulary, anyRightObject, sampling, model.tokenizer())
        .documents();
  }
}
