package io.kerf.eval.lama;

import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Request;
import io.kerf.eval.Task;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whether a model says the same of a fact however it is asked (ParaRel, arXiv 2102.01017): every
 * paraphrase of the relation that the family's own cloze can ask, answered among the relation's
 * objects that are one token of the model.
 *
 * <p>"consistency" is the share of pairs of paraphrases with the same answer, "consistent P@1" the
 * share of facts for which all paraphrases get the right one, "P@1" the mean over paraphrases of
 * what each gets; "macro" is the mean over relations. {@link ParaphraseOutcome#accuracyByPattern}
 * gives each paraphrase's own share.
 *
 * <p>Left out are facts of relations without paraphrases or with less than two that can be asked,
 * and what {@link LamaTask} leaves out. The original takes relations in which a subject has one
 * object; results here are given by type of relation too.
 */
public final class ParaphraseTask implements Task {
  private final FactSelection.Rules rules;
  private final Paraphrases paraphrases;

  ParaphraseTask(FactSelection.Rules rules, Paraphrases paraphrases) {
    this.rules = rules;
    this.paraphrases = Objects.requireNonNull(paraphrases, "paraphrases");
  }

  @Override
  public Documents documents(Model model) {
    return new Selection(model).documents();
  }

  /** What one model is asked. */
  private final class Selection {
    private final Prompts prompts;
    private final Words words;
    private final RightObjects right = new RightObjects(rules.corpus().facts());
    private final CandidateObjects objects = new CandidateObjects(rules.corpus().facts());
    private final Map<Relation, Candidates> candidates = new HashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private final List<Document> kept = new ArrayList<>();
    private final List<Documents.Dropped> dropped = new ArrayList<>();

    Selection(Model model) {
      this.prompts = Prompts.of(model, rules.instruction());
      this.words = prompts.words();
    }

    Documents documents() {
      for (Fact fact : rules.facts()) {
        String reason = add(fact);
        if (reason != null) {
          dropped.add(new Documents.Dropped(fact.id(), reason));
        }
      }
      return new Documents(kept, dropped);
    }

    /** Keeps a fact, or says why not. */
    private String add(Fact fact) {
      OptionalInt object = words.single(fact.object());
      List<String> patterns = paraphrases.of(fact.relation());
      if (patterns.isEmpty()) {
        return "no_paraphrases";
      }
      if (object.isEmpty()) {
        return "multi_token_object";
      }
      Candidates among = candidates.computeIfAbsent(fact.relation(), this::candidates);
      if (among.size() < 2) {
        return "one_candidate";
      }
      String reason = FactSelection.ofFact(fact, seen);
      if (reason != null) {
        return reason;
      }
      Optional<String> filtered =
          rules.filters().stream().flatMap(f -> f.reasonToDrop(fact).stream()).findFirst();
      if (filtered.isPresent()) {
        return filtered.get();
      }
      Map<String, Request.Cloze> asked = new LinkedHashMap<>();
      for (String pattern : patterns) {
        Sentence sentence = Sentence.of(pattern, fact.subject());
        if (prompts.refusal(sentence) == null) {
          var place = prompts.blank(sentence).place();
          asked.put(pattern, new Request.Cloze(place, object.getAsInt(), Tokens.NONE, among));
        }
      }
      if (asked.size() < 2) {
        return "one_paraphrase";
      }
      kept.add(new ParaphraseDocument(fact, asked, rightTokens(fact), words));
      return null;
    }

    private Candidates candidates(Relation relation) {
      int[] ids =
          objects.of(relation, words).stream()
              .map(words::single)
              .filter(OptionalInt::isPresent)
              .mapToInt(OptionalInt::getAsInt)
              .toArray();
      return Candidates.of("objects of " + relation.name(), ids);
    }

    private Set<Integer> rightTokens(Fact fact) {
      Set<Integer> tokens = new HashSet<>();
      Set<String> objects = rules.anyRightObject() ? right.of(fact) : Set.of(fact.object());
      objects.forEach(o -> words.single(o).ifPresent(tokens::add));
      return tokens;
    }
  }

  @Override
  public String name() {
    return rules.name() + " paraphrased";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Set<Family.Kind> kinds() {
    return Set.of(Family.Kind.values());
  }

  @Override
  public List<DataFile> data() {
    List<DataFile> files = new ArrayList<>(rules.corpus().files());
    files.addAll(paraphrases.files());
    return files;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("candidates", "the relation's objects that are one token");
    settings.putAll(rules.settings());
    return settings;
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    List<String> values = ParaphraseOutcome.VALUES;
    values.forEach(v -> metrics.add(Metrics.macro("macro " + v, v, "relation")));
    values.forEach(v -> metrics.add(Metrics.mean(v)));
    return metrics;
  }

  @Override
  public List<String> groupings() {
    return List.of("relation", "type");
  }

  @Override
  public String toString() {
    return name();
  }
}
