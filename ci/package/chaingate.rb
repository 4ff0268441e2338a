# A formula for Homebrew, for a tap. Untried: it was never installed with brew.
# ci/package/release writes it with the sum of the release's tarball in place of SHA256, and with $REPOSITORY, if that is set, in place of OWNER/REPO.
class Chaingate < Formula
  desc "Deployment gate for Baseten Chains"
  homepage "https://github.com/OWNER/REPO"
  url "https://github.com/OWNER/REPO/releases/download/v0.1.0/chaingate-0.1.0.tar.gz"
  sha256 "SHA256"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "json-c"
  depends_on "libmicrohttpd"
  depends_on "libyaml"
  depends_on "openssl@3"

  uses_from_macos "curl"

  def install
    system "make"
    system "make", "install", "PREFIX=#{prefix}"
  end

  test do
    assert_match "chaingate #{version}", shell_output("#{bin}/chaingate version")
    system bin/"chaingate", "lint", pkgshare/"policies/ready.yaml"
    (testpath/"wrong.yaml").write "version: 1\nrules: 5\n"
    shell_output("#{bin}/chaingate lint #{testpath}/wrong.yaml", 2)
  end
end
