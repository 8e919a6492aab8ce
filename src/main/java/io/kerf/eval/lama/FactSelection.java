package io.kerf.eval.lama;

import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.eval.Tokens;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Turns a corpus into what one model is asked, and says which facts are left out and why. */
final class FactSelection {
  private static final int MAX_WORDS = 100;

  /**
   * The facts, and by which rules they are asked.
   *
   * @param filters a fact must pass all of them
   * @param instruction what an encoder-decoder reads before a sentence
   */
  record Rules(
      Corpus corpus,
      Ranking ranking,
      boolean anyRightObject,
      List<FactFilter> filters,
      Sampling sampling,
      String instruction) {
    Rules {
      filters = List.copyOf(filters);
    }

    static Rules of(Corpus corpus) {
      return new Rules(
          corpus,
          new Ranking.ByToken(null),
          false,
          List.of(),
          Sampling.all(),
          SentinelPrompts.INSTRUCTION);
    }

    Rules ranked(Ranking other) {
      return new Rules(corpus, other, anyRightObject, filters, sampling, instruction);
    }

    Rules anyRight() {
      return new Rules(corpus, ranking, true, filters, sampling, instruction);
    }

    Rules filtered(FactFilter more) {
      List<FactFilter> all = new ArrayList<>(filters);
      all.add(more);
      return new Rules(corpus, ranking, anyRightObject, all, sampling, instruction);
    }

    Rules sampled(Sampling some) {
      return new Rules(corpus, ranking, anyRightObject, filters, some, instruction);
    }

    Rules instructed(String other) {
      return new Rules(corpus, ranking, anyRightObject, filters, sampling, other);
    }

    /** "trex hard": the name of a task on these facts. */
    String name() {
      StringBuilder name = new StringBuilder(corpus.name());
      filters.forEach(filter -> name.append(' ').append(filter.name()));
      return name.toString();
    }

    /** What scores depend on by them, but for the ranking. */
    Map<String, String> settings() {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("right answers", anyRightObject ? "any right object" : "the fact's object");
      settings.put("facts of each relation", sampling.label());
      if (!instruction.equals(SentinelPrompts.INSTRUCTION)) {
        settings.put("instruction", "'" + instruction + "'");
      }
      filters.forEach(filter -> settings.putAll(filter.settings()));
      return settings;
    }

    /** Some of the facts of each relation, in the corpus's order of relations. */
    List<Fact> facts() {
      Map<Relation, List<Fact>> parts = new LinkedHashMap<>();
      corpus
          .facts()
          .forEach(f -> parts.computeIfAbsent(f.relation(), r -> new ArrayList<>()).add(f));
      List<Fact> some = new ArrayList<>();
      parts.values().forEach(part -> some.addAll(sampling.of(part)));
      return some;
    }
  }

  private final Rules rules;
  private final Prompts prompts;
  private final Words words;
  private final RightObjects right;
  private final Candidates tokens; // null where whole objects are ranked
  private final CandidateObjects objects;
  private final Map<Relation, List<String>> spelled = new HashMap<>();
  private final Set<List<Object>> seen = new HashSet<>();
  private final List<Fact> kept = new ArrayList<>();
  private final List<Documents.Dropped> dropped = new ArrayList<>();

  FactSelection(Rules rules, Model model) {
    this.rules = rules;
    this.prompts = Prompts.of(model, rules.instruction());
    this.words = prompts.words();
    this.right = new RightObjects(rules.corpus().facts());
    this.objects = new CandidateObjects(rules.corpus().facts());
    if (rules.ranking() instanceof Ranking.ByToken ranking) {
      this.tokens =
          ranking.vocabulary() == null
              ? Candidates.full(model.config().vocabulary())
              : ranking.vocabulary().candidates(words);
    } else {
      this.tokens = null;
    }
  }

  Documents documents() {
    for (Fact fact : rules.facts()) {
      reasonToDrop(fact)
          .ifPresentOrElse(
              reason -> dropped.add(new Documents.Dropped(fact.id(), reason)),
              () -> kept.add(fact));
    }
    Majority majority = new Majority(kept);
    List<Document> documents = new ArrayList<>();
    for (Fact fact : kept) {
      boolean baseline =
          rules.anyRightObject()
              ? right.of(fact).contains(majority.of(fact.relation()))
              : fact.object().equals(majority.of(fact.relation()));
      documents.add(document(fact, baseline));
    }
    return new Documents(documents, dropped);
  }

  private Document document(Fact fact, boolean baseline) {
    Prompts.Blank blank = prompts.blank(Sentence.of(fact));
    if (rules.ranking() instanceof Ranking.ByObject ranking) {
      Set<String> others = new TreeSet<>(rules.anyRightObject() ? right.of(fact) : Set.of());
      others.remove(fact.object());
      return ObjectsDocument.of(fact, blank, candidates(fact), others, ranking, baseline);
    }
    int object = words.single(fact.object()).orElseThrow();
    var cloze = new Request.Cloze(blank.place(), object, otherTokens(fact, object), tokens);
    return new FactDocument(fact, blank.text(), cloze, rules.anyRightObject(), baseline, words);
  }

  private Tokens otherTokens(Fact fact, int object) {
    return Tokens.of(
        right.of(fact).stream()
            .map(words::single)
            .filter(OptionalInt::isPresent)
            .mapToInt(OptionalInt::getAsInt)
            .filter(id -> id != object)
            .sorted()
            .distinct()
            .toArray());
  }

  private List<String> candidates(Fact fact) {
    return spelled.computeIfAbsent(fact.relation(), r -> objects.of(r, words));
  }

  private Optional<String> reasonToDrop(Fact fact) {
    Optional<String> reason = Optional.ofNullable(ofObject(fact));
    if (reason.isPresent()) {
      return reason;
    }
    reason = Optional.ofNullable(ofFact(fact, seen));
    if (reason.isPresent()) {
      return reason;
    }
    Sentence sentence = Sentence.of(fact);
    boolean filled = rules.ranking() instanceof Ranking.ByObject ranking && ranking.filled();
    String refusal = filled ? prompts.refusalOfFilled(sentence) : prompts.refusal(sentence);
    if (refusal != null) {
      return Optional.of(refusal);
    }
    return rules.filters().stream().flatMap(f -> f.reasonToDrop(fact).stream()).findFirst();
  }

  private String ofObject(Fact fact) {
    if (tokens == null) {
      if (!words.spells(fact.object())) {
        return "unknown_token_in_object";
      }
      return candidates(fact).size() < 2 ? "one_candidate" : null;
    }
    OptionalInt object = words.single(fact.object());
    if (object.isEmpty()) {
      return "multi_token_object";
    }
    return tokens.contains(object.getAsInt()) ? null : "not_in_vocabulary";
  }

  /**
   * The rules that ask no model.
   *
   * @param seen what was said before
   */
  static String ofFact(Fact fact, Set<List<Object>> seen) {
    boolean templated = fact.relation().templated();
    if (fact.judgedWrong()) {
      return "judged_wrong";
    }
    if (!templated && String.join(" ", fact.sentences()).strip().split("\\s+").length > MAX_WORDS) {
      return "over_100_words";
    }
    return templated && !seen.add(List.of(fact.relation(), fact.subject(), fact.object()))
        ? "repeated"
        : null;
  }
}
