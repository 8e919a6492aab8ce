package io.kerf.model;

import io.kerf.progress.Interrupted;
import io.kerf.tensor.Execution;
import io.kerf.tensor.Tensor;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * SHA-256 of tensors' values, computed once for each tensor: variants share those that they did not
 * touch. It is the one thing remembered across evaluations, by identity, and forgotten with the
 * tensor, which never changes.
 */
final class TensorHashes {
  private static final String WORK = "reading the weights for their hash";
  private static final int RUN = 1 << 16; // floats at a time: they stay in the cache
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private static final Map<Identity, String> KNOWN = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Tensor> GONE = new ReferenceQueue<>();

  private TensorHashes() {}

  private static final class Identity extends WeakReference<Tensor> {
    private final int hash;

    Identity(Tensor tensor, ReferenceQueue<Tensor> queue) {
      super(tensor, queue);
      this.hash = System.identityHashCode(tensor);
    }

    @Override
    public boolean equals(Object other) {
      return this == other
          || other instanceof Identity identity && get() != null && get() == identity.get();
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** The hashes of all of them, by identity. */
  static Map<Tensor, String> of(List<Tensor> tensors) {
    for (Object gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      KNOWN.remove(gone);
    }
    Map<Tensor, String> found = new IdentityHashMap<>();
    List<Tensor> unknown = new ArrayList<>();
    for (Tensor tensor : tensors) {
      String known = KNOWN.get(new Identity(tensor, null));
      if (known == null && !found.containsKey(tensor)) {
        unknown.add(tensor);
      }
      found.put(tensor, known);
    }
    List<String> computed = compute(unknown);
    for (int i = 0; i < unknown.size(); i++) {
      found.put(unknown.get(i), computed.get(i));
      KNOWN.put(new Identity(unknown.get(i), GONE), computed.get(i));
    }
    return found;
  }

  private static List<String> compute(List<Tensor> tensors) {
    Interrupted.check(WORK); // the wait below does not see it where the workers are done by then
    ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<String>> work = new ArrayList<>();
      tensors.forEach(tensor -> work.add(() -> hash(tensor)));
      List<String> hashes = new ArrayList<>();
      for (Future<String> done : workers.invokeAll(work)) {
        hashes.add(done.get());
      }
      return hashes;
    } catch (InterruptedException e) {
      throw new Interrupted(WORK + " was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("cannot hash a tensor: " + e.getCause(), e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  /** Shape, how the engine computes with it, values as float32. */
  private static String hash(Tensor tensor) {
    MessageDigest digest = WeightsChecksum.sha256();
    String head = tensor.shape() + " " + Execution.of(tensor) + "\n";
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    long count = tensor.shape().elements();
    float[] run = new float[(int) Math.min(RUN, count)];
    ByteBuffer bytes = ByteBuffer.allocate(4 * run.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < count; ) {
      Interrupted.check(WORK);
      int n = (int) Math.min(run.length, count - done);
      tensor.read(done, run, 0, n);
      bytes.clear().asFloatBuffer().put(run, 0, n);
      digest.update(bytes.limit(4 * n));
      done += n;
    }
    return WeightsChecksum.hex(digest.digest());
  }
}
