package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects of several tokens by hand: what is asked, and what answers are worth. */
class ObjectsTest extends LamaCase {
  @BeforeEach
  void writeFacts() throws IOException {
    write(
        "lama/relations.jsonl", relation("P1", "[X] lives in [Y] ."), relation("P2", "[Y] is [X]"));
    write(
        "lama/TREx/P1.jsonl",
        fact("a", "Ann", "Parisville"),
        fact("b", "Bob", "Rome"),
        fact("c", "Ann", "Saint-Paris"),
        fact("d", "Bob", "Berlin")); // the vocabulary does not have it
    write("lama/TREx/P2.jsonl", fact("e", "Ann", "Rome"));
  }

  private Documents documents(LamaTask task, Family family) {
    return task.documents(model(family));
  }

  private static FactOutcome outcome(Document document, Answer... answers) {
    return (FactOutcome) document.outcome(List.of(answers));
  }

  /** "[CLS] Ann lives in [MASK] . [SEP] -> Paris": the place, and which token is asked there. */
  private String text(Request request) {
    Request.Cloze cloze = (Request.Cloze) request;
    Place.Masked place = (Place.Masked) cloze.place();
    return spelled(place.ids().from(4))
        + " @"
        + (place.position() - 4)
        + " "
        + tokenizer.token(cloze.object());
  }

  @Test
  void aMaskedModelReadsEachObjectWithinAWordFromLeftToRight() {
    Documents documents =
        documents(lama().task("trex/P1").compared(Normalisation.SUM), Family.BERT);
    assertEquals(
        List.of(
            "[MASK] [MASK] . [SEP] @0 Paris",
            "Paris [MASK] . [SEP] @1 ##ville",
            "[MASK] . [SEP] @0 Rome",
            "[MASK] - Paris . [SEP] @0 Saint",
            "Saint [MASK] Paris . [SEP] @1 -",
            "Saint - [MASK] . [SEP] @2 Paris"),
        documents.kept().get(0).requests().stream().map(this::text).toList());
    assertEquals(Map.of("unknown_token_in_object", 1L), documents.droppedByReason());
  }

  @Test
  void aMaskedModelsOwnClozeMasksAllOfAnObjectAtOnce() {
    Documents documents = documents(lama().task("trex/P1").multiToken(), Family.BERT);
    List<Request> requests = documents.kept().get(0).requests();
    assertEquals(
        List.of(
            "[MASK] [MASK] . [SEP] @0 Paris",
            "[MASK] [MASK] . [SEP] @1 ##ville",
            "[MASK] . [SEP] @0 Rome",
            "[MASK] [MASK] [MASK] . [SEP] @0 Saint",
            "[MASK] [MASK] [MASK] . [SEP] @1 -",
            "[MASK] [MASK] [MASK] . [SEP] @2 Paris"),
        requests.stream().map(this::text).toList());
  }

  @Test
  void objectsOfEqualLengthShareTheirPlaces() throws IOException {
    write("lama/TREx/P1.jsonl", fact("a", "Ann", "Oslo"), fact("b", "Bob", "Rome"));
    List<Request> requests =
        documents(lama().task("trex/P1").compared(Normalisation.SUM), Family.BERT)
            .kept()
            .get(0)
            .requests();
    assertSame(
        ((Request.Cloze) requests.get(0)).place(), ((Request.Cloze) requests.get(1)).place());
  }

  @Test
  void aCausalModelScoresTheObjectAndWhatFollows() {
    List<Request> requests =
        documents(lama().task("trex/P1").compared(Normalisation.SUM), Family.GPT2)
            .kept()
            .get(0)
            .requests();
    Tokens given = Tokens.of(tokenizer.encode("Ann lives in", true));
    Tokens scored = Tokens.of(tokenizer.encode("Parisville .", false));
    assertEquals(new Request.Continuation(given, scored), requests.get(0));
    assertEquals(3, requests.size());
    List<Request> own =
        documents(lama().task("trex/P1").multiToken(), Family.GPT2).kept().get(0).requests();
    assertEquals(new Request.Continuation(given, scored.slice(0, 2)), own.get(0));
  }

  @Test
  void anEncoderDecoderWritesTheObjectAfterItsSentinel() {
    Documents documents = documents(lama().task("trex/P1").compared(Normalisation.SUM), Family.T5);
    Request.Decoding request = (Request.Decoding) documents.kept().get(0).requests().get(0);
    assertEquals(
        "[CLS] Fill the blank with appropriate word : Ann lives in <extra_id_0> . [SEP]",
        spelled(request.context()));
    assertEquals("<extra_id_0>", spelled(request.given()));
    assertEquals("Paris ##ville", spelled(request.scored()));
  }

  /** Parisville has -1 and -0.5, Rome -1.2, Saint-Paris -2, -0.1 and -0.3. */
  @Test
  void theNormalisationDecidesWhoWins() {
    Answer[] answers = {
      cloze(-1, 0), cloze(-0.5, 0), cloze(-1.2, 0), cloze(-2, 0), cloze(-0.1, 0), cloze(-0.3, 0)
    };
    LamaTask task = lama().task("trex/P1");
    FactOutcome sum =
        outcome(documents(task.compared(Normalisation.SUM), Family.BERT).kept().get(0), answers);
    assertEquals(-1.5, sum.logProbability(), 1e-12);
    assertEquals(2, sum.rank());
    assertEquals("Rome", sum.said());
    assertEquals(3, sum.candidates());
    assertEquals(0.5, sum.value("MRR"));
    FactOutcome tokens =
        outcome(
            documents(task.compared(Normalisation.PER_TOKEN), Family.BERT).kept().get(0), answers);
    assertEquals(-0.75, tokens.logProbability(), 1e-12);
    assertEquals(1, tokens.rank());
    assertEquals(
        List.of("Parisville", "Saint-Paris", "Rome"),
        tokens.top().stream().map(FactOutcome.Guess::token).toList());
    FactOutcome bytes =
        outcome(
            documents(task.compared(Normalisation.PER_BYTE), Family.BERT).kept().get(0), answers);
    assertEquals(-0.15, bytes.logProbability(), 1e-12); // 10 bytes; Rome -0.3, Saint-Paris -0.22
    assertEquals(1, bytes.rank());
  }

  @Test
  void aCausalModelsLengthIsThatOfAllThatIsScored() {
    Document document =
        documents(lama().task("trex/P1").compared(Normalisation.PER_BYTE), Family.GPT2)
            .kept()
            .get(1);
    FactOutcome rome = outcome(document, likelihood(-3), likelihood(-1.2), likelihood(-9));
    assertEquals(-1.2 / "Rome .".length(), rome.logProbability(), 1e-12);
    assertEquals("Bob lives in", rome.prompt());
  }

  @Test
  void anotherRightObjectDoesNotPushDownWhereAnyCounts() {
    Answer[] answers = {likelihood(-2), likelihood(-3), likelihood(-1)}; // Saint-Paris is right too
    LamaTask task = lama().task("trex/P1").compared(Normalisation.SUM);
    assertEquals(2, outcome(documents(task, Family.GPT2).kept().get(0), answers).rank());
    assertEquals(
        1, outcome(documents(task.anyRightObject(), Family.GPT2).kept().get(0), answers).rank());
  }

  @Test
  void aRelationNeedsTwoObjects() {
    Documents documents = documents(lama().task("trex/P2").multiToken(), Family.BERT);
    assertEquals(Map.of("one_candidate", 1L), documents.droppedByReason());
  }

  @Test
  void resultsNameTheCandidatesAndTheScore() {
    LamaTask task = lama().task("trex").compared(Normalisation.PER_TOKEN);
    assertEquals("trex compared", task.name());
    assertEquals("the 1 to 4 distinct objects of each relation", task.settings().get("candidates"));
    assertEquals("filled sentence, log-likelihood per token", task.settings().get("score"));
    LamaTask own = lama().task("trex").multiToken(Normalisation.PER_BYTE);
    assertEquals("trex multi-token", own.name());
    assertEquals("the family's own cloze, log-likelihood per byte", own.settings().get("score"));
    assertEquals(
        "sum of log-likelihoods",
        lama().task("trex").multiToken().settings().get("score").split(", ")[1]);
  }
}
