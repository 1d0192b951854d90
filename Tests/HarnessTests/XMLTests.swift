import Harness
import JSONModel
import Specs
import Testing

struct XMLTests {
    private func verdict(_ text: String, _ value: JSONValue? = nil) -> Verdict {
        Assertions.judge(AssertionSpec(.isXML, value: value), TurnResult(text: text)).verdict
    }

    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\"?>\n<!-- c --><a b='1' c=\"2\">x &amp; &#8364;&#x20AC;<b/></a >\n",
        "<訂單><項目 名='茶'/></訂單>", "<a><![CDATA[<not> & markup]]></a>", "<ns:a xmlns:ns=\"u\"><ns:b-c.d/></ns:a>",
    ])
    func reads(text: String) {
        #expect(verdict(text) == .passed)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&nope;</a>", "<a>& b</a>", "<a b=1/>", "<a b='1' b='2'/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a b='<'/>", "< a/>", "<a/>text", "<a><![CDATA[x</a>", "<a",
        "<a>&#0;&#x110000;</a>", "<a b='1'c='2'/>",
    ])
    func refuses(text: String) {
        #expect(verdict(text) == .failed)
    }

    @Test func refusesWhatIsNestedWithoutEnd() {
        #expect(verdict(String(repeating: "<a>", count: 100_000)) == .failed)
    }

    @Test func looksForElements() {
        #expect(verdict("<a><b><c/></b></a>", ["a.b.c", "a.b"]) == .passed)
        #expect(verdict("<a><b><c/></b></a>", ["requiredElements": ["a.c"]]) == .failed)
    }
}
