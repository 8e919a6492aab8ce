package io.kerf.source;

import io.kerf.progress.Progress;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.ArtifactTransferException;
import org.eclipse.aether.transfer.TransferCancelledException;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Brings a jar through Maven's own resolver, into the user's local repository.
 *
 * <p>The resolver works in the staging folder as if that were an empty local repository: what it
 * leaves when it is stopped or killed is then ours to remove.
 *
 * @param artifact the jar
 * @param file what it must be
 * @param maven whose local repository, mirrors, proxies and credentials count
 */
record MavenFetcher(MavenArtifact artifact, ModelFile file, UserMaven maven) implements Fetcher {
  private static final int CONNECT_MILLIS = 20_000;
  private static final int SILENCE_MILLIS = 300_000; // a mirror may fetch the whole jar first
  private static final int PARTING_MILLIS = 500;

  @Override
  public Path target() {
    return maven.localRepository().resolve(artifact.path());
  }

  @Override
  public Path download(Path staging, Progress progress) {
    Transfer transfer = new Transfer(file.sizeBytes());
    FutureTask<Path> task = new FutureTask<>(() -> resolve(staging, transfer));
    // Reading from a socket cannot be interrupted: another thread reads, and stops at the next
    // bytes that come; until then it hinders nobody, and then it takes away what it wrote.
    Thread reader = new Thread(task, "kerf-maven-download");
    reader.setDaemon(true);
    reader.start();
    try {
      return Waiting.forEnd(
          "Downloading " + artifact.coordinates(),
          task,
          transfer.bytes::get,
          progress,
          () -> part(reader, transfer));
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    }
  }

  private static void part(Thread reader, Transfer transfer) {
    transfer.cancelled.set(true);
    try {
      reader.join(PARTING_MILLIS); // it may be about to create a file
    } catch (InterruptedException e) {
      // Asked for twice: it goes at once.
    }
  }

  private Path resolve(Path staging, Transfer transfer) throws ArtifactResolutionException {
    RepositorySystem system = new RepositorySystemSupplier().get();
    try {
      DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
      session.setSystemProperties(System.getProperties());
      session.setConfigProperty(ConfigurationProperties.CONNECT_TIMEOUT, CONNECT_MILLIS);
      session.setConfigProperty(ConfigurationProperties.REQUEST_TIMEOUT, SILENCE_MILLIS);
      // The catalogue's SHA-256 is checked afterwards and says more than a repository's checksums.
      session.setChecksumPolicy(RepositoryPolicy.CHECKSUM_POLICY_IGNORE);
      session.setTransferListener(transfer);
      maven.applyTo(session);
      session.setLocalRepositoryManager(
          system.newLocalRepositoryManager(session, new LocalRepository(staging.toFile())));
      var request = new ArtifactRequest();
      request.setArtifact(
          new DefaultArtifact(
              artifact.groupId(), artifact.artifactId(), "jar", artifact.version()));
      request.setRepositories(system.newResolutionRepositories(session, maven.repositories()));
      return system.resolveArtifact(session, request).getArtifact().getFile().toPath();
    } finally {
      system.shutdown();
      if (transfer.cancelled.get()) {
        Deletion.of(staging); // whoever waited has gone
      }
    }
  }

  private FetchException failed(Throwable cause) {
    String way =
        maven.offline()
            ? "Maven's settings say offline: turn it off in " + maven.userSettings()
            : "Check the network, and mirrors and proxies in " + maven.userSettings();
    String settings =
        maven.problems().isEmpty()
            ? ""
            : " (problems there: " + String.join("; ", maven.problems()) + ")";
    return new FetchException(
        "cannot download "
            + artifact.coordinates()
            + " through Maven: "
            + why(cause)
            + ". "
            + way
            + settings
            + "; or put the jar at "
            + target()
            + " by hand",
        cause);
  }

  /** What the resolver says of the one artifact and the last repository that was asked. */
  private static String why(Throwable cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof ArtifactTransferException) {
        return e.getMessage().replaceAll("\\.+$", "");
      }
    }
    return cause.toString();
  }

  /** Counts the bytes that come, and stops them. */
  private static final class Transfer extends AbstractTransferListener {
    final AtomicLong bytes = new AtomicLong();
    final AtomicBoolean cancelled = new AtomicBoolean();
    private final long expectedBytes;

    Transfer(long expectedBytes) {
      this.expectedBytes = expectedBytes;
    }

    @Override
    public void transferStarted(TransferEvent event) throws TransferCancelledException {
      transferProgressed(event);
    }

    @Override
    public void transferProgressed(TransferEvent event) throws TransferCancelledException {
      if (cancelled.get()) {
        throw new TransferCancelledException("interrupted");
      }
      if (event.getTransferredBytes() > expectedBytes) {
        throw new TransferCancelledException("more than the expected " + expectedBytes + " bytes");
      }
      bytes.set(event.getTransferredBytes());
    }
  }
}
