package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.repository.AuthenticationContext;
import org.eclipse.aether.repository.RemoteRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;

class UserMavenTest {
  @TempDir Path folder;
  private Path home;
  private Path installation;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectories(folder.resolve("home/.m2"));
    installation = folder.resolve("maven");
    Files.createDirectories(installation.resolve("conf"));
  }

  private void user(String settings) throws IOException {
    Files.writeString(home.resolve("settings.xml"), "<settings>" + settings + "</settings>");
  }

  private void installed(String settings) throws IOException {
    Files.writeString(
        installation.resolve("conf/settings.xml"), "<settings>" + settings + "</settings>");
  }

  private UserMaven read(Properties system, Map<String, String> environment) {
    return UserMaven.read(home, installation, system, environment);
  }

  private UserMaven read() {
    return read(new Properties(), Map.of());
  }

  private static RemoteRepository seenAs(UserMaven maven, RemoteRepository repository) {
    var session = MavenRepositorySystemUtils.newSession();
    maven.applyTo(session);
    return session.getMirrorSelector().getMirror(repository);
  }

  @Test
  void withoutSettingsThereAreMavenCentralAndTheUsualFolder() {
    UserMaven maven = read();
    assertEquals(home.resolve("repository"), maven.localRepository());
    assertFalse(maven.offline());
    assertEquals(
        List.of("https://repo.maven.apache.org/maven2"),
        maven.repositories().stream().map(RemoteRepository::getUrl).toList());
    assertNull(seenAs(maven, maven.repositories().get(0)));
  }

  @Test
  void thePropertyComesBeforeTheUsersFileAndThatBeforeTheInstallations() throws Exception {
    installed("<localRepository>/installed</localRepository>");
    assertEquals(Path.of("/installed"), read().localRepository());
    user("<localRepository>${env.REPOS}/mine</localRepository>");
    assertEquals(
        Path.of("/r/mine"), read(new Properties(), Map.of("REPOS", "/r")).localRepository());
    Properties system = new Properties();
    system.setProperty("maven.repo.local", "/property");
    assertEquals(Path.of("/property"), read(system, Map.of()).localRepository());
  }

  @Test
  void mirrorsOfTheInstallationCount() throws Exception {
    installed(
        "<mirrors><mirror><id>corp</id><mirrorOf>*</mirrorOf><url>https://corp.example</url>"
            + "</mirror></mirrors>");
    user("<offline>true</offline>");
    UserMaven maven = read();
    assertTrue(maven.offline());
    assertEquals("https://corp.example", seenAs(maven, maven.repositories().get(0)).getUrl());
  }

  private static String password(UserMaven maven) {
    var session = MavenRepositorySystemUtils.newSession();
    maven.applyTo(session);
    var repository =
        new RemoteRepository.Builder("corp", "default", "https://corp.example")
            .setAuthentication(
                session
                    .getAuthenticationSelector()
                    .getAuthentication(new RemoteRepository.Builder("corp", "", "").build()))
            .build();
    try (var context = AuthenticationContext.forRepository(session, repository)) {
      return context.get(AuthenticationContext.PASSWORD);
    }
  }

  @Test
  void encryptedPasswordsAreDecryptedOrSaidToBeBroken() throws Exception {
    var cipher = new DefaultPlexusCipher();
    String secret = cipher.encryptAndDecorate("secret", "master");
    String server = "<servers><server><id>corp</id><username>me</username><password>%s</password>";
    user(server.formatted(secret) + "</server></servers>");
    assertEquals(1, read().problems().size());
    assertTrue(read().problems().get(0).contains("corp"), read().problems()::toString);
    Files.writeString(
        home.resolve("settings-security.xml"),
        "<settingsSecurity><master>"
            + cipher.encryptAndDecorate("master", "settings.security")
            + "</master></settingsSecurity>");
    assertEquals(List.of(), read().problems());
    assertEquals("secret", password(read()));
  }

  @Test
  void proxiesCountWhereTheyAreActive() throws Exception {
    user(
        "<proxies><proxy><id>off</id><active>false</active><protocol>https</protocol>"
            + "<host>off.example</host></proxy><proxy><id>on</id><protocol>https</protocol>"
            + "<host>proxy.example</host><port>3128</port><username>me</username>"
            + "<password>p</password><nonProxyHosts>*.inside.example</nonProxyHosts></proxy>"
            + "</proxies>");
    UserMaven maven = read();
    var session = MavenRepositorySystemUtils.newSession();
    maven.applyTo(session);
    RemoteRepository central = maven.repositories().get(0);
    assertEquals(3128, session.getProxySelector().getProxy(central).getPort());
    assertEquals("proxy.example", session.getProxySelector().getProxy(central).getHost());
    var inside =
        new RemoteRepository.Builder("x", "default", "https://maven.inside.example").build();
    assertNull(session.getProxySelector().getProxy(inside));
  }

  @Test
  void activeProfilesAddTheirRepositoriesAndMaySayWhereCentralIs() throws Exception {
    String profile =
        "<profile><id>%s</id>%s<repositories><repository><id>%s</id><url>%s</url></repository>"
            + "</repositories></profile>";
    user(
        "<profiles>"
            + profile.formatted("a", "", "team", "https://team.example")
            + profile.formatted("b", "", "unused", "https://unused.example")
            + profile.formatted(
                "c",
                "<activation><activeByDefault>true</activeByDefault></activation>",
                "central",
                "https://central.example")
            + "</profiles><activeProfiles><activeProfile>a</activeProfile></activeProfiles>");
    assertEquals(
        List.of("https://team.example", "https://central.example"),
        read().repositories().stream().map(RemoteRepository::getUrl).toList());
  }

  @Test
  void namesASettingsFileThatIsWrong() throws Exception {
    user("<mirrors>");
    String message = assertThrows(FetchException.class, this::read).getMessage();
    assertTrue(message.startsWith("Maven's settings cannot be read: "), message);
    assertTrue(message.contains(home.resolve("settings.xml").toString()), message);
  }

  @Test
  void findsTheInstallationByTheEnvironmentOrTheCommand() throws Exception {
    assertEquals(Path.of("/m"), UserMaven.installation(Map.of("MAVEN_HOME", "/m")));
    assertEquals(Path.of("/m2"), UserMaven.installation(Map.of("M2_HOME", "/m2")));
    assertNull(UserMaven.installation(Map.of("PATH", folder.toString())));
    installed("");
    Files.createDirectories(installation.resolve("bin"));
    Path command = Files.writeString(installation.resolve("bin/mvn"), "#!/bin/sh\n");
    assertTrue(command.toFile().setExecutable(true));
    assertEquals(
        installation.toRealPath(),
        UserMaven.installation(Map.of("PATH", installation.resolve("bin").toString()))
            .toRealPath());
  }
}
