package io.kerf.eval.lama;

import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * LAMA's protocol: the model reads a fact without its object, and the object's rank among the
 * candidates counts.
 *
 * <p>Each family is asked by its own cloze:
 *
 * <ul>
 *   <li>a masked model gets a mask for the object;
 *   <li>a causal model gets the text before the object, of facts whose sentence ends with it; the
 *       object is encoded with a space before it;
 *   <li>an encoder-decoder gets "Fill the blank with appropriate word: " and the sentence with
 *       {@code <extra_id_0>} for the object, and its decoder that sentinel.
 * </ul>
 *
 * <p>Left out are facts whose object is not one token or not among the candidates, that say the
 * same as an earlier one, whose readers mostly denied them, that the family cannot be asked, and
 * sentences of more than 100 words. Where a sentence has several masks the first is scored, a
 * template must leave one.
 *
 * <p>P@k is the share of facts with rank at most k, MRR the mean of 1/rank (0 beyond 10,000);
 * "macro" is the mean over relations, as the paper reports. "majority P@1" is what saying always
 * the most frequent object of the relation, counted on the same facts, would get.
 */
public final class LamaTask implements Task {
  private final FactSelection.Rules rules;

  private LamaTask(FactSelection.Rules rules) {
    this.rules = rules;
  }

  /** All facts of a corpus, objects ranked among all tokens of the model. */
  public static LamaTask of(Corpus corpus) {
    return new LamaTask(FactSelection.Rules.of(Objects.requireNonNull(corpus, "corpus")));
  }

  private LamaTask ranked(Ranking ranking) {
    return new LamaTask(rules.ranked(ranking));
  }

  private LamaTask filtered(FactFilter filter) {
    return new LamaTask(rules.filtered(filter));
  }

  /** The same task with objects ranked among these words; others' facts are left out. */
  public LamaTask among(WordList words) {
    return ranked(new Ranking.ByToken(Objects.requireNonNull(words, "words")));
  }

  /** The same task with objects ranked among all tokens of the model. */
  public LamaTask amongAllTokens() {
    return ranked(new Ranking.ByToken(null));
  }

  /** As {@link #multiToken(Normalisation)}, by the sum of the tokens' log-likelihoods. */
  public LamaTask multiToken() {
    return multiToken(Normalisation.SUM);
  }

  /**
   * The same task with objects of several tokens too, ranked by the family's own cloze among all
   * distinct objects of the relation in the corpus, of which there must be two.
   *
   * <p>A causal model and an encoder-decoder give an object's likelihood token by token. A masked
   * model gets as many masks as the object has tokens, all at once, and its score is the sum of
   * what it says at each mask without the others being filled.
   */
  public LamaTask multiToken(Normalisation normalisation) {
    return ranked(new Ranking.ByObject(false, normalisation));
  }

  /**
   * The same task by the one probe that all families answer alike: every distinct object of the
   * relation in the corpus, of which there must be two, is put into the sentence, and the filled
   * sentences are ranked by their log-likelihood (as BEAR does, arXiv 2404.04113).
   *
   * <p>Up to what is the same for all objects of a fact, each family says log P(object | what
   * stands around it):
   *
   * <ul>
   *   <li>a causal model by the log-likelihood of the object and of all that follows it;
   *   <li>a masked model by the pseudo-log-likelihood of the object's tokens, within each word from
   *       left to right (arXiv 2305.10588);
   *   <li>an encoder-decoder, which has read what follows, by the log-likelihood of the object
   *       after its sentinel.
   * </ul>
   *
   * <p>The normalisation divides by the tokens or bytes of what is scored: of the object, in a
   * causal model of the object and of what follows it. It helps long objects; without it the scores
   * are probabilities.
   */
  public LamaTask compared(Normalisation normalisation) {
    return ranked(new Ranking.ByObject(true, normalisation));
  }

  /**
   * The same task in which other right objects of the same subject and relation do not push the
   * asked one down. (The original counts them as wrong.)
   */
  public LamaTask anyRightObject() {
    return new LamaTask(rules.anyRight());
  }

  /** The same task on some of the facts of each relation. */
  public LamaTask ofEachRelation(Sampling some) {
    return new LamaTask(rules.sampled(Objects.requireNonNull(some, "sampling")));
  }

  /**
   * The same task with another text before each sentence that an encoder-decoder reads; empty for a
   * T5 that was taught to fill blanks and to follow no instruction. Other families read none.
   */
  public LamaTask instructed(String instruction) {
    return new LamaTask(rules.instructed(Objects.requireNonNull(instruction, "instruction")));
  }

  /** The same task on facts whose object does not stand within the subject's name. */
  public LamaTask hard() {
    return filtered(FactFilter.HARD);
  }

  /** The same task on facts whose object stands within the subject's name ("Apple Watch"). */
  public LamaTask easy() {
    return filtered(FactFilter.EASY);
  }

  /**
   * The same task without the facts that a name gives away (LAMA-UHN, arXiv 1911.03681): where the
   * object stands within the subject's name, or a masked model has it among its first three guesses
   * from a part of a person's name alone.
   *
   * @param reference runs a task on that masked model; the paper's is bert-base-cased
   */
  public LamaTask uhn(Function<Task, TaskResult> reference) {
    UnhelpfulNames names = new UnhelpfulNames(rules.corpus());
    return filtered(names.filter(reference.apply(names)));
  }

  /** The same facts, asked by paraphrases: do a model's answers depend on the wording? */
  public ParaphraseTask paraphrased(Paraphrases paraphrases) {
    return new ParaphraseTask(rules, paraphrases);
  }

  @Override
  public String name() {
    return rules.name() + rules.ranking().suffix();
  }

  @Override
  public String version() {
    return "2";
  }

  @Override
  public Set<Family.Kind> kinds() {
    return Set.of(Family.Kind.values());
  }

  @Override
  public List<DataFile> data() {
    List<DataFile> files = new ArrayList<>(rules.corpus().files());
    if (rules.ranking() instanceof Ranking.ByToken tokens && tokens.vocabulary() != null) {
      files.add(tokens.vocabulary().file());
    }
    return files;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    CandidateObjects objects = new CandidateObjects(rules.corpus().facts());
    settings.putAll(rules.ranking().settings(objects));
    settings.putAll(rules.settings());
    return settings;
  }

  @Override
  public List<Metric> metrics() {
    List<String> values = new ArrayList<>();
    for (int k : FactOutcome.DEPTHS) {
      values.add("P@" + k);
    }
    values.add("MRR");
    values.add(FactOutcome.MAJORITY);
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
    return new FactSelection(rules, model).documents();
  }

  @Override
  public String toString() {
    return name();
  }
}
