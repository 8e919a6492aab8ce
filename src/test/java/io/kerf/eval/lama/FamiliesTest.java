package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.CharacterTokenizer;
import io.kerf.eval.Documents;
import io.kerf.eval.FakeModels;
import io.kerf.eval.Place;
import io.kerf.model.Family;
import io.kerf.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each family can be asked, and what it cannot. */
class FamiliesTest extends LamaCase {
  @BeforeEach
  void writeFacts() throws IOException {
    write(
        "lama/relations.jsonl",
        relation("P1", "[X] lives in [Y] ."),
        relation("P2", "[Y] is the home of [X] ."));
    write("lama/TREx/P1.jsonl", fact("a", "Ann", "Paris"), fact("b", "Bob", "Rome"));
    write("lama/TREx/P2.jsonl", fact("c", "Ann", "Paris"), fact("d", "Bob", "Rome"));
    String head = "{\"id\":\"%s\",\"sub_label\":\"Squad\",\"obj_label\":\"Rome\",";
    String tail = "\"masked_sentences\":[\"%s\"]}";
    write(
        "lama/Squad/test.jsonl",
        String.format(head + tail, "last", "Ann died in [MASK]."),
        String.format(head + tail, "middle", "In [MASK] Ann died ."),
        String.format(head + tail, "two", "In [MASK] died [MASK]."),
        String.format(head + tail, "none", "Ann died in Rome ."));
  }

  private FactDocument first(String corpus, Family family) {
    return (FactDocument) lama().task(corpus).documents(model(family)).kept().get(0);
  }

  @Test
  void aCausalModelIsAskedWhereTheObjectIsLast() {
    FactDocument document = first("trex", Family.GPT2);
    assertEquals("Ann lives in", document.prompt());
    Place.After place = (Place.After) document.cloze().place();
    assertEquals(spelled(place.ids()), "[CLS] Ann lives in [SEP]");
    assertEquals(id("Paris"), document.cloze().object());
    assertEquals(
        Map.of("object_not_last", 2L),
        lama().task("trex").documents(model(Family.GPT2)).droppedByReason());
    Documents squad = lama().task("squad").documents(model(Family.GPT2));
    assertEquals(List.of("last"), ids(squad));
    assertEquals(Map.of("object_not_last", 2L, "no_mask", 1L), squad.droppedByReason());
  }

  @Test
  void anyFilledSentenceCanBeRead() throws IOException {
    Documents documents =
        lama().task("trex").compared(Normalisation.SUM).documents(model(Family.GPT2));
    assertEquals(List.of("a", "b", "c", "d"), ids(documents));
    write(
        "lama/Squad/test.jsonl",
        "{\"id\":\"x\",\"sub_label\":\"S\",\"obj_label\":\"Rome\",\"masked_sentences\":[\"In [MASK] died [MASK].\"]}",
        "{\"id\":\"y\",\"sub_label\":\"S\",\"obj_label\":\"Oslo\",\"masked_sentences\":[\"Ann died in Oslo.\"]}");
    LamaTask squad = lama().task("squad").compared(Normalisation.SUM);
    assertEquals(
        Map.of("several_masks", 1L, "no_mask", 1L),
        squad.documents(model(Family.GPT2)).droppedByReason());
    assertEquals(List.of("x"), ids(squad.documents(model(Family.BERT))));
  }

  @Test
  void aTextThatNothingPrecedesBeginsWithTheModelsStart() throws IOException {
    write("lama/relations.jsonl", relation("P2", "[Y] is the home of [X] ."));
    Model model = FakeModels.model(Family.GPT2, new CharacterTokenizer(false), 100);
    var document = lama().task("trex").compared(Normalisation.SUM).documents(model).kept().get(0);
    var request = (io.kerf.eval.Request.Continuation) document.requests().get(0);
    assertEquals(io.kerf.eval.Tokens.of(CharacterTokenizer.BOS), request.given());
    assertEquals('P' + 4, request.scored().at(0), "no space before the first word");
  }

  @Test
  void anEncoderDecoderGetsTheSentinelInTheMasksPlace() {
    FactDocument document = first("trex/P2", Family.T5);
    assertEquals(
        "Fill the blank with appropriate word: <extra_id_0> is the home of Ann .",
        document.prompt());
    Place.Decoded place = (Place.Decoded) document.cloze().place();
    assertEquals("<extra_id_0>", spelled(place.given()));
    Documents squad = lama().task("squad").documents(model(Family.T5));
    assertEquals(List.of("last", "middle", "two"), ids(squad));
    assertEquals(
        "Fill the blank with appropriate word: In <extra_id_0> died <extra_id_1>.",
        ((FactDocument) squad.kept().get(2)).prompt());
  }

  @Test
  void wordsBringTheirSpaceWhereTheVocabularyHasIt() {
    Words spaced = new Words(new CharacterTokenizer(false));
    assertEquals(" Rome", spaced.spaced("Rome"));
    assertEquals("#600", spaced.spell(600), "models have more rows than the vocabulary has tokens");
    assertEquals(id("Rome"), new Words(tokenizer).single("Rome").orElseThrow());
    assertTrue(new Words(tokenizer).single("Berlin").isEmpty());
  }

  @Test
  void aModelWithoutMaskOrSentinelIsRefused() {
    Model noSentinel = FakeModels.model(Family.T5, new CharacterTokenizer(false), 100);
    assertEquals(
        "LAMA asks an encoder-decoder by the sentinel <extra_id_0>, which the tokenizer of toy does"
            + " not read as one token",
        message(() -> lama().task("trex").documents(noSentinel)));
    Model noMask =
        FakeModels.model(
            Family.BERT,
            io.kerf.text.Tokenizers.wordPiece(
                words("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"), false),
            100);
    assertEquals(
        "LAMA needs a tokenizer with a mask token",
        message(() -> lama().task("trex").documents(noMask)));
  }

  private java.nio.file.Path words(String... words) {
    try {
      write("other/vocab.txt", words);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return temp.resolve("other/vocab.txt");
  }
}
