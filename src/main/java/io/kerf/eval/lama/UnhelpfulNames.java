package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a masked model guesses from names alone, asked once for each part of a person's name: "Jean
 * is a common name in the following language : [MASK] ." (Poerner et al., arXiv 1911.03681). Facts
 * whose object is among the first three guesses say nothing of what a model knows of the person.
 *
 * <p>Asked are the parts, between white space, of the subjects of relations about a person's
 * places, countries and languages: P19, P20, P27, P103, P1412 and Google-RE's places.
 */
final class UnhelpfulNames implements Task {
  /** How many guesses are looked at. */
  static final int DEPTH = 3;

  private static final Map<String, String> NOUNS =
      Map.of(
          "place_of_birth", "city",
          "place_of_death", "city",
          "P19", "city",
          "P20", "city",
          "P27", "country",
          "P103", "language",
          "P1412", "language");

  private final Corpus corpus;

  UnhelpfulNames(Corpus corpus) {
    this.corpus = corpus;
  }

  /** A part of a name, and what it may give away. */
  private record Question(String part, String noun) {
    String text() {
      return part + " is a common name in the following " + noun + " : [MASK] .";
    }
  }

  private static List<Question> questions(Fact fact) {
    String noun = NOUNS.get(fact.relation().name());
    List<Question> questions = new ArrayList<>();
    if (noun != null) {
      for (String part : fact.subject().strip().split("\\s+")) {
        questions.add(new Question(part, noun));
      }
    }
    return questions;
  }

  /** The first guesses for one question, as tokens of the reference model. */
  private record Guesses(String document, Question question, List<Integer> ids, Words words)
      implements Outcome {
    @Override
    public Map<String, Double> values() {
      return Map.of("guesses", (double) ids.size());
    }
  }

  private record Asked(Question question, Request.Cloze cloze, Words words) implements Document {
    @Override
    public String id() {
      return question.text();
    }

    @Override
    public List<Request> requests() {
      return List.of(cloze);
    }

    @Override
    public Outcome outcome(List<Answer> answers) {
      List<Integer> ids =
          ((Answer.Cloze) answers.get(0))
              .top().stream().limit(DEPTH).map(Answer.Guess::token).toList();
      return new Guesses(id(), question, ids, words);
    }
  }

  @Override
  public Documents documents(Model model) {
    MaskedPrompts prompts = new MaskedPrompts(model.tokenizer());
    Candidates all = Candidates.full(model.config().vocabulary());
    Set<Question> questions = new LinkedHashSet<>();
    corpus.facts().forEach(fact -> questions.addAll(questions(fact)));
    List<Document> documents = new ArrayList<>();
    for (Question question : questions) {
      Sentence sentence = new Sentence(List.of(question.text()), "[MASK]", true);
      if (prompts.refusal(sentence) == null) { // a name may hold a mask itself
        var place = prompts.blank(sentence).place();
        documents.add(
            new Asked(question, new Request.Cloze(place, 0, Tokens.NONE, all), prompts.words()));
      }
    }
    return Documents.of(documents);
  }

  /**
   * The filter that a reference model's guesses make, with the match of strings, which needs no
   * model.
   *
   * @throws IllegalArgumentException if the model was interrupted
   */
  FactFilter filter(TaskResult reference) {
    if (!reference.complete()) {
      throw new IllegalArgumentException(
          "the reference model "
              + reference.model()
              + " was interrupted after "
              + reference.outcomes().size()
              + " of "
              + reference.documents()
              + " names; run it again");
    }
    Map<Question, Guesses> guessed = new HashMap<>();
    reference.outcomes().forEach(o -> guessed.put(((Guesses) o).question(), (Guesses) o));
    String model = reference.lineage().name() + ", " + reference.lineage().label();
    String sha256 = reference.lineage().sha256();
    return new Filter(guessed, model + ", weights sha256 " + sha256);
  }

  private record Filter(Map<Question, Guesses> guessed, String reference) implements FactFilter {
    @Override
    public String name() {
      return "uhn";
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          "uhn",
          "the object is not within the subject, nor among the "
              + DEPTH
              + " first guesses from a part of the name alone by "
              + reference);
    }

    @Override
    public Optional<String> reasonToDrop(Fact fact) {
      if (FactFilter.inSubject(fact)) {
        return Optional.of("object_in_subject");
      }
      boolean given = questions(fact).stream().anyMatch(q -> guesses(q, fact.object()));
      return given ? Optional.of("guessed_from_name") : Optional.empty();
    }

    private boolean guesses(Question question, String object) {
      Guesses guesses = guessed.get(question);
      if (guesses == null) {
        return false;
      }
      OptionalInt id = guesses.words().single(object);
      return id.isPresent() && guesses.ids().contains(id.getAsInt());
    }
  }

  @Override
  public String name() {
    return corpus.name() + " names";
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
    return corpus.files();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metrics.mean("guesses"));
  }
}
