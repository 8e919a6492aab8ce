package io.kerf.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files larger than an array, a buffer and this machine's heap are read where they lie: what is
 * allocated is the header and what is asked for.
 */
@Tag("sparse")
class LargeFileTest {
  private static final long MOST_ALLOCATED = 4 << 20;
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @BeforeEach
  void holesTakeNoRoom() throws IOException {
    assumeTrue(isSparse(), folder + " is on a file system that fills holes of files with zeros");
    assumeTrue(
        Files.getFileStore(folder).getUsableSpace() > 64 << 20, folder + " has no room left");
  }

  private boolean isSparse() throws IOException {
    Path probe = folder.resolve("probe");
    for (int attempt = 0; attempt < 3; attempt++) { // neighbours may write at the same time
      long before = Files.getFileStore(folder).getUsableSpace();
      write(probe, Map.of(256L << 20, new byte[1]));
      long taken = before - Files.getFileStore(folder).getUsableSpace();
      Files.delete(probe);
      if (taken < 64 << 20) {
        return true;
      }
    }
    return false;
  }

  private static void write(Path file, Map<Long, byte[]> runs) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      for (Map.Entry<Long, byte[]> run : runs.entrySet()) {
        channel.position(run.getKey()).write(ByteBuffer.wrap(run.getValue()));
      }
    }
  }

  @Test
  void twoAndAHalfGibibytes() throws IOException {
    assertMapped(5 * GIB / 2);
  }

  @Test
  void twelveGibibytes() throws IOException {
    assertMapped(12 * GIB);
  }

  /** One bfloat16 matrix of that size, then a small float32 one, whose last bytes are written. */
  private void assertMapped(long bytes) throws IOException {
    int columns = 1 << 16;
    int rows = (int) (bytes / 2 / columns);
    String header =
        ("{'large':{'dtype':'BF16','shape':[%d,%d],'data_offsets':[0,%d]},"
                + "'w':{'dtype':'F32','shape':[2,3],'data_offsets':[%d,%d]}}")
            .formatted(rows, columns, bytes, bytes, bytes + 24)
            .replace('\'', '"');
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    long data = 8 + text.length;
    Map<Long, byte[]> runs = new LinkedHashMap<>();
    runs.put(0L, new LittleEndian().int64(text.length).bytes(text).toBytes());
    runs.put(data + GIB - 2, new LittleEndian().int16(0x3f80).int16(0x4000).toBytes()); // 1, 2
    runs.put(data + bytes - 2, new LittleEndian().int16(0x4040).bytes(SampleFiles.W).toBytes());
    Path file = folder.resolve("large.safetensors");
    write(file, runs);

    SafetensorsFile.open(file); // loads classes
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    WeightFile weights = WeightFile.open(file);
    Tensor large = weights.tensor("large");
    float[] values = new float[4];
    large.read(GIB / 2 - 2, values, 0, 4); // over the end of what one buffer maps
    float[] small = weights.tensor("w").toFloats();
    float[] last = new float[1];
    large.read(large.shape().elements() - 1, last, 0, 1);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertEquals("bfloat16", large.encoding());
    assertEquals(bytes, large.sizeBytes());
    assertArrayEquals(new float[] {0, 1, 2, 0}, values);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, small);
    assertEquals(3, last[0]);
    assertTrue(allocated < MOST_ALLOCATED, "allocated " + allocated + " bytes");
  }
}
