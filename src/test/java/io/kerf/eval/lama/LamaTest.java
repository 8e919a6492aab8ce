package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.eval.DataHome;
import io.kerf.eval.Documents;
import io.kerf.eval.FakeModels;
import io.kerf.eval.MissingDataException;
import io.kerf.model.Family;
import io.kerf.text.Tokenizer;
import io.kerf.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LamaTest {
  @TempDir Path temp;

  private Tokenizer tokenizer;

  @BeforeEach
  void writeCorpora() throws IOException {
    Path vocabulary = temp.resolve("vocab.txt");
    Files.write(
        vocabulary,
        List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Ann", "Bob", "Paris", "Rome", "Oslo",
            "died", "in", ".", "works", "for", "now", "##ville"));
    tokenizer = Tokenizers.wordPiece(vocabulary, false);
    write("lama/common_vocab_cased.txt", "Paris", "Rome", "unheard");
    write(
        "lama/relations.jsonl",
        "{\"relation\":\"P1\",\"template\":\"[X] works for [Y] .\",\"type\":\"N-M\"}",
        "{\"relation\":\"P2\",\"template\":\"[X] now [Y] .\",\"type\":\"1-1\"}");
    write(
        "lama/TREx/P1.jsonl",
        fact("a", "Ann", "Paris"),
        fact("b", "Ann", "Rome"),
        fact("c", "Ann", "Paris"), // said before
        fact("d", "Ann", "Oslo"), // not a candidate
        fact("e", "Ann", "Parisville"), // two tokens
        fact("f", "[MASK]", "Rome")); // two masks
    write(
        "lama/Google_RE/place_of_death_test.jsonl",
        fact("g", "Bob", "Paris").replace("}", ",\"judgments\":[{\"judgment\":\"no\"}]}"),
        fact("h", "Bob", "Rome")
            .replace("}", ",\"judgments\":[{\"judgment\":\"no\"},{\"judgment\":\"yes\"}]}"));
    String sentence = "{\"id\":\"i\",\"sub_label\":\"Squad\",\"obj_label\":\"Rome\",";
    write(
        "lama/Squad/test.jsonl",
        sentence + "\"masked_sentences\":[\"Ann died in [MASK] . Bob in [MASK] .\"]}",
        sentence + "\"masked_sentences\":[\"Ann died in [MASK] .\"]}",
        sentence + "\"masked_sentences\":[\"Ann died in " + "now ".repeat(97) + "[MASK] .\"]}",
        sentence + "\"masked_sentences\":[\"Ann died in Rome .\"]}");
  }

  private void write(String file, String... lines) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
  }

  private static String fact(String id, String subject, String object) {
    return String.format(
        "{\"uuid\":\"%s\",\"sub_label\":\"%s\",\"obj_label\":\"%s\"}", id, subject, object);
  }

  private Documents documents(String corpus) {
    return Lama.in(DataHome.of(temp))
        .task(corpus)
        .documents(FakeModels.model(Family.BERT, tokenizer, 512));
  }

  private static List<String> prompts(Documents documents) {
    return documents.kept().stream().map(d -> ((FactDocument) d).prompt()).toList();
  }

  @Test
  void fillsTemplatesAndLeavesOutWhatTheProtocolLeavesOut() {
    Documents documents = documents("trex");
    assertEquals(List.of("Ann works for [MASK] .", "Ann works for [MASK] ."), prompts(documents));
    assertEquals(
        Map.of(
            "repeated", 1L, "not_in_vocabulary", 1L, "multi_token_object", 1L, "several_masks", 1L),
        documents.droppedByReason());
  }

  @Test
  void knowsTheOtherRightObjectsOfASubject() {
    var cloze = ((FactDocument) documents("trex").kept().get(0)).cloze();
    assertEquals(tokenizer.id("Paris").orElseThrow(), cloze.object());
    assertTrue(cloze.alternatives().contains(tokenizer.id("Rome").orElseThrow()));
    assertTrue(cloze.alternatives().contains(tokenizer.id("Oslo").orElseThrow()));
    assertEquals(2, cloze.alternatives().size());
  }

  @Test
  void believesGoogleReUnlessMostJudgesDenyIt() {
    Documents documents = documents("google_re/place_of_death");
    assertEquals(List.of("Bob died in [MASK] ."), prompts(documents));
    assertEquals(Map.of("judged_wrong", 1L), documents.droppedByReason());
  }

  @Test
  void takesSquadsSentencesAndTheFirstOfTheirMasks() {
    Documents documents = documents("squad");
    assertEquals(2, documents.kept().size());
    var cloze = ((FactDocument) documents.kept().get(0)).cloze();
    assertEquals(4, cloze.place().position());
    assertEquals(0, cloze.alternatives().size());
    assertEquals(Map.of("over_100_words", 1L, "no_mask", 1L), documents.droppedByReason());
  }

  @Test
  void aResultNamesItsVocabularyAndItsFiles() {
    LamaTask task = Lama.in(DataHome.of(temp)).task("trex/P1");
    assertEquals("common_vocab_cased, 3 words", task.settings().get("vocabulary"));
    assertEquals(
        List.of("relations.jsonl", "P1.jsonl", "common_vocab_cased.txt"),
        task.data().stream().map(f -> f.path().getFileName().toString()).toList());
    assertEquals("full", task.amongAllTokens().settings().get("vocabulary"));
  }

  @Test
  void anObjectBeyondRank10000CountsNothing() {
    assertEquals(1e-4, outcome(10_000).value("MRR"));
    assertEquals(0, outcome(10_001).value("MRR"));
    assertEquals(1, outcome(10).value("P@10"));
    assertEquals(0, outcome(11).value("P@10"));
  }

  private static FactOutcome outcome(int rank) {
    Relation relation = new Relation("P1", "[X] [Y]", "1-1");
    return new FactOutcome(
        "f", relation, "s", "o", "p", 0, 0, -1, rank, rank, "x", -0.5, List.of(), false, 0);
  }

  @Test
  void namesTheCorpusOrRelationThatWasMeant() {
    Lama lama = Lama.in(DataHome.of(temp));
    assertTrue(message(() -> lama.task("sqad")).contains("Did you mean: squad?"));
    assertTrue(message(() -> lama.task("trex/P11")).contains("Did you mean: P1"));
  }

  @Test
  void saysWhereItLookedAndOffersTheProjectsOwnFacts() {
    var error =
        assertThrows(
            MissingDataException.class, () -> Lama.in(DataHome.of(temp)).task("conceptnet"));
    assertTrue(error.getMessage().contains("looked in " + temp), error.getMessage());
    assertTrue(error.getMessage().endsWith("lama(\"facts\")"), error.getMessage());
  }

  @Test
  void namesFileLineAndFieldOfAMalformedRow() throws IOException {
    write("lama/TREx/P1.jsonl", fact("a", "Ann", "Paris"), "{\"sub_label\":\"Ann\"}");
    String message = message(() -> documents("trex"));
    assertTrue(message.endsWith("P1.jsonl:2: obj_label must be a string, was absent"), message);
  }

  @Test
  void namesFileAndLineOfATemplateWithoutPlaces() throws IOException {
    write("lama/relations.jsonl", "{\"relation\":\"P1\",\"template\":\"[X] works\"}");
    String message = message(() -> documents("trex"));
    assertTrue(
        message.endsWith(
            "relations.jsonl:1: the template of P1 must have [X] and [Y], was '[X] works'"),
        message);
  }

  @Test
  void findsTheProjectsOwnFacts() {
    assertTrue(Lama.in(DataHome.usual()).available().contains("facts"));
    assertEquals(List.of("squad", "google_re", "trex"), Lama.in(DataHome.of(temp)).available());
  }

  @Test
  void readsSelfContainedFacts() {
    for (Path file : Fixtures.cases("lama", "*facts*.jsonl")) {
      assertTrue(Lama.file("facts", file).data().get(0).rows() > 0);
    }
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
