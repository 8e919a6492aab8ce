package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Documents;
import io.kerf.eval.Request;
import io.kerf.model.Family;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Facts asked in several ways. */
class ParaphraseTest extends LamaCase {
  @BeforeEach
  void writeFacts() throws IOException {
    write(
        "lama/relations.jsonl",
        relation("P1", "[X] lives in [Y] ."),
        relation("P2", "[X] is [Y] ."));
    write(
        "lama/TREx/P1.jsonl",
        fact("a", "Ann", "Paris"),
        fact("b", "Ann", "Rome"),
        fact("c", "Ann", "Paris"), // said before
        fact("d", "Bob", "Parisville")); // two tokens
    write("lama/TREx/P2.jsonl", fact("e", "Ann", "Paris"));
    write(
        "lama/pararel_patterns/P1.jsonl",
        pattern("[X] lives in [Y]."),
        pattern("[Y] is the home of [X]."),
        pattern("The home of [X] is [Y]."),
        pattern("[X] lives in [Y]."));
  }

  private static String pattern(String text) {
    return "{\"pattern\":\"" + text + "\",\"lemma\":\"x\"}";
  }

  private ParaphraseTask task() {
    return lama().task("trex").paraphrased(lama().paraphrases("trex"));
  }

  @Test
  void asksEveryFactInEveryWayAmongTheRelationsObjects() {
    Documents documents = task().documents(model(Family.BERT));
    assertEquals(List.of("a", "b"), ids(documents));
    assertEquals(
        Map.of("repeated", 1L, "multi_token_object", 1L, "no_paraphrases", 1L),
        documents.droppedByReason());
    List<Request> requests = documents.kept().get(0).requests();
    assertEquals(3, requests.size(), "a pattern that comes twice is asked once");
    Request.Cloze cloze = (Request.Cloze) requests.get(1);
    assertEquals("objects of P1 (2)", cloze.candidates().toString());
    assertEquals("[CLS] [MASK] is the home of Ann . [SEP]", spelled(cloze.place().ids()));
  }

  @Test
  void aCausalModelIsAskedWhereTheObjectIsLast() {
    assertEquals(2, task().documents(model(Family.GPT2)).kept().get(0).requests().size());
  }

  @Test
  void aFactNeedsTwoParaphrasesThatCanBeAsked() throws IOException {
    write(
        "lama/pararel_patterns/P1.jsonl",
        pattern("[X] lives in [Y]."),
        pattern("[Y] is the home of [X]."));
    assertEquals(2L, task().documents(model(Family.GPT2)).droppedByReason().get("one_paraphrase"));
    write("lama/TREx/P1.jsonl", fact("a", "Ann", "Paris"));
    assertEquals(
        Map.of("one_candidate", 1L, "no_paraphrases", 1L),
        task().documents(model(Family.BERT)).droppedByReason());
  }

  @Test
  void consistencyIsTheShareOfPairsThatAgree() {
    var document = task().documents(model(Family.BERT)).kept().get(0);
    int paris = id("Paris");
    var outcome =
        (ParaphraseOutcome)
            document.outcome(List.of(cloze(-1, paris), cloze(-1, id("Rome")), cloze(-1, paris)));
    assertEquals(1.0 / 3, outcome.value("consistency"), 1e-12);
    assertEquals(2.0 / 3, outcome.value("P@1"), 1e-12);
    assertEquals(0, outcome.value("consistent P@1"));
    assertEquals(Map.of("relation", "P1", "type", "N-1"), outcome.groups());
    var agreed =
        (ParaphraseOutcome)
            document.outcome(List.of(cloze(-1, paris), cloze(-1, paris), cloze(-1, paris)));
    assertEquals(1, agreed.value("consistency"));
    assertEquals(1, agreed.value("consistent P@1"));
    assertEquals(
        Map.of(
            "P1",
            Map.of(
                "[X] lives in [Y].", 1.0,
                "[Y] is the home of [X].", 0.5,
                "The home of [X] is [Y].", 1.0)),
        ParaphraseOutcome.accuracyByPattern(List.of(outcome, agreed)));
  }

  @Test
  void anyRightObjectIsRight() {
    LamaTask task = lama().task("trex").anyRightObject();
    var document =
        task.paraphrased(lama().paraphrases("trex")).documents(model(Family.BERT)).kept().get(0);
    int rome = id("Rome");
    var outcome = document.outcome(List.of(cloze(-1, rome), cloze(-1, rome), cloze(-1, rome)));
    assertEquals(1, outcome.value("consistent P@1"));
  }

  @Test
  void namesWhatItStandsOn() {
    ParaphraseTask task = lama().task("trex").hard().paraphrased(lama().paraphrases("trex"));
    assertEquals("trex hard paraphrased", task.name());
    assertEquals(3 + 1, task.data().size());
    assertEquals("macro consistency", task.metrics().get(0).name());
    assertTrue(task.settings().get("candidates").contains("objects"));
    assertEquals("trex hard paraphrased", task.toString());
    assertEquals(
        List.of(),
        ids(
            lama()
                .task("trex")
                .easy()
                .paraphrased(lama().paraphrases("trex"))
                .documents(model(Family.BERT))));
  }

  @Test
  void namesWhatIsWrongWithAPattern() throws IOException {
    write("lama/pararel_patterns/P1.jsonl", pattern("[X] lives"));
    String message = message(() -> lama().paraphrases("trex"));
    assertTrue(
        message.endsWith("P1.jsonl:1: the template of P1 must have [X] and [Y], was '[X] lives'"),
        message);
    write("lama/pararel_patterns/P1.jsonl", "{\"pattern\":\"\"}");
    message = message(() -> lama().paraphrases("trex"));
    assertTrue(
        message.endsWith("P1.jsonl:1: the template of P1 must have [X] and [Y], was ''"), message);
    write("lama/pararel_patterns/P1.jsonl", "{\"lemma\":\"x\"}");
    message = message(() -> lama().paraphrases("trex"));
    assertTrue(message.endsWith("P1.jsonl:1: pattern must be a string, was absent"), message);
  }

  @Test
  void saysWhereNoParaphrasesAre() {
    String message = message(() -> lama().paraphrases("trex/P2"));
    assertEquals(
        temp.resolve("lama/pararel_patterns") + " has paraphrases of none of the relations P2",
        message);
  }

  @Test
  void refusesAnOutcomeOfOneParaphrase() {
    Relation relation = new Relation("P1", "[X] [Y]", "");
    assertEquals(
        "consistency needs answers to two paraphrases, fact f has 0",
        message(() -> new ParaphraseOutcome("f", relation, "s", "o", List.of())));
  }
}
