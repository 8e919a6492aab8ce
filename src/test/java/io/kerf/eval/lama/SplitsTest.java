package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Documents;
import io.kerf.eval.Evaluator;
import io.kerf.eval.MaskScorer;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.model.Family;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of the facts, and what counting them is worth. */
class SplitsTest extends LamaCase {
  @BeforeEach
  void writeFacts() throws IOException {
    write(
        "lama/relations.jsonl",
        relation("P19", "[X] died in [Y] ."),
        relation("P2", "[X] is [Y] ."));
    write(
        "lama/TREx/P19.jsonl",
        fact("a", "Ann of rome", "Rome"), // within the subject, in another case
        fact("b", "Ann", "Paris"), // the stub guesses it from the name
        fact("c", "Bob", "Oslo"),
        fact("d", "Bob Saint", "Oslo"));
    write("lama/TREx/P2.jsonl", fact("e", "Ann", "Paris"), fact("f", "Bob", "Rome"));
  }

  /** Holds Paris, Rome and "home" likeliest after "Ann", others after other names. */
  private final MaskScorer guesses =
      batch -> {
        float[][] rows = new float[batch.size()][WORDS.size()];
        for (int i = 0; i < rows.length; i++) {
          boolean ann = batch.get(i).ids()[1] == WORDS.indexOf("Ann");
          for (String likely : ann ? List.of("Paris", "Rome", "home") : List.of("a", "in", ".")) {
            rows[i][WORDS.indexOf(likely)] = 1;
          }
          rows[i][WORDS.indexOf("Oslo")] = 0.5f; // the fourth
        }
        return rows;
      };

  private TaskResult ask(Task task) {
    return Evaluator.with(ProgressListener.NONE).run(model(Family.BERT), guesses, "float32", task);
  }

  private static List<String> asked(Task task, LamaCase of) {
    return ids(task.documents(of.model(Family.BERT)));
  }

  @Test
  void hardAndEasyShareTheFactsByTheirNames() {
    LamaTask task = lama().task("trex");
    assertEquals(List.of("b", "c", "d", "e", "f"), asked(task.hard(), this));
    assertEquals(List.of("a"), asked(task.easy(), this));
    assertEquals("trex hard", task.hard().name());
    assertEquals("the object is not within the subject", task.hard().settings().get("hard"));
    assertEquals("the object is within the subject", task.easy().settings().get("easy"));
    assertEquals(
        Map.of("object_in_subject", 1L),
        task.hard().documents(model(Family.BERT)).droppedByReason());
    assertEquals(
        Map.of("object_not_in_subject", 5L),
        task.easy().documents(model(Family.BERT)).droppedByReason());
  }

  @Test
  void unhelpfulNamesAreThoseThatGiveNothingAway() {
    LamaTask task = lama().task("trex").uhn(this::ask);
    Documents documents = task.documents(model(Family.BERT));
    assertEquals(List.of("c", "d", "e", "f"), ids(documents), "P2 is not about a person's places");
    assertEquals(
        Map.of("object_in_subject", 1L, "guessed_from_name", 1L), documents.droppedByReason());
    assertEquals("trex uhn", task.name());
    assertEquals(
        "the object is not within the subject, nor among the 3 first guesses from a part of the"
            + " name alone by toy, dense, weights sha256 00",
        task.settings().get("uhn"));
  }

  @Test
  void everyPartOfANameIsAskedOnce() {
    UnhelpfulNames names =
        new UnhelpfulNames(new Corpus("some", people("Ann Bob", "Bob [MASK]"), List.of()));
    assertEquals(
        List.of(
            "Ann is a common name in the following city : [MASK] .",
            "Bob is a common name in the following city : [MASK] ."),
        names.documents(model(Family.BERT)).kept().stream().map(d -> d.id()).toList());
    assertEquals("some names", names.name());
    assertEquals(2.0 + 1, ask(names).measure("guesses").value());
  }

  private static List<Fact> people(String... names) {
    Relation born = new Relation("place_of_birth", "[X] [Y]", "");
    return List.of(names).stream()
        .map(name -> new Fact(name, born, name, "Rome", List.of(), false))
        .toList();
  }

  @Test
  void aReferenceThatWasInterruptedIsNone() {
    String message =
        message(
            () ->
                lama()
                    .task("trex")
                    .uhn(
                        task -> {
                          Thread.currentThread().interrupt();
                          return ask(task);
                        }));
    assertEquals(
        "the reference model dense was interrupted after 0 of 5 names; run it again", message);
  }

  @Test
  void theMajorityIsCountedOnTheFactsThatAreAsked() {
    TaskResult all = ask(lama().task("trex"));
    // P19: Rome, Paris, Oslo, Oslo; P2: Paris, Rome, of which the first counts.
    assertEquals(3.0 / 6, all.measure("majority P@1").value());
    assertEquals((2.0 / 4 + 1.0 / 2) / 2, all.measure("macro majority P@1").value());
    TaskResult easy = ask(lama().task("trex").easy());
    assertEquals(1, easy.measure("majority P@1").value());
    assertTrue(((FactOutcome) easy.outcomes().get(0)).majority());
    assertEquals(3, ((FactOutcome) easy.outcomes().get(0)).candidates());
  }

  @Test
  void theMajorityMayBeAnyRightObject() throws IOException {
    write(
        "lama/TREx/P2.jsonl",
        fact("e", "Ann", "Paris"),
        fact("f", "Ann", "Rome"),
        fact("g", "Bob", "Rome"));
    LamaTask task = lama().task("trex/P2");
    assertEquals(2.0 / 3, ask(task).measure("majority P@1").value(), 1e-12);
    assertEquals(1, ask(task.anyRightObject()).measure("majority P@1").value());
  }

  @Test
  void anOutcomeOfWhichNoMajorityIsKnownHasNone() {
    Relation relation = new Relation("P1", "[X] [Y]", "1-1");
    var outcome =
        new FactOutcome(
            "f", relation, "s", "o", "p", 0, 0, -1, 1, 1, "x", -0.5, List.of(), false, 0);
    assertEquals(0, outcome.value("majority P@1"));
  }
}
