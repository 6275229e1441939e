using Threadkeep.Contacts;

namespace Threadkeep.Postgres.Tests.Contacts;

public sealed class KanaOrderTests
{
    [Fact]
    public void Kana_stand_in_the_order_of_a_directory_whatever_they_are_written_in()
    {
        string[] directory =
        [
            "Baker",
            "あいだ",
            "アオキ",
            "かとう",
            "がとう",
            "カトウダ",
            "さとう",
            "スウ",
            "スーザン",
            "すえ",
            "たなか",
            "つた",
            "つつい",
            "つっちい",
            "はば",
            "ばば",
            "はやし",
            "ﾊﾞﾊﾞｵ",
            "わたなべ",
            "田中",
        ];

        // はばお after はば and ばば, before はやし: half width is the same as full.
        var expected = directory.Except(["ﾊﾞﾊﾞｵ"]).ToList();
        expected.Insert(expected.IndexOf("ばば") + 1, "ﾊﾞﾊﾞｵ");
        directory.OrderBy(KanaOrder.Key, StringComparer.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public void The_shorter_name_comes_first_and_long_ones_are_cut()
    {
        string.CompareOrdinal(KanaOrder.Key("やま"), KanaOrder.Key("やまだ")).ShouldBeLessThan(0);
        KanaOrder.Key(new string('ん', 5_000)).Length.ShouldBeLessThan(300);
        KanaOrder.Key(string.Concat(Enumerable.Repeat("𠮷", 500))).ShouldNotContain('\uFFFD');
    }
}

public sealed class NumberFormsTests
{
    [Theory]
    [InlineData("5511987654321", "551187654321")]
    [InlineData("5491123456789", "541123456789")]
    [InlineData("5215512345678", "525512345678")]
    public void Both_ways_of_writing_a_mobile_number_share_a_key_that_gives_both_back(string full, string plain)
    {
        NumberForms.Key(full).ShouldBe(NumberForms.Key(plain));
        NumberForms.Of(NumberForms.Key(full)).ShouldBe([plain, full], ignoreOrder: true);
    }

    [Theory]
    [InlineData("819012345678")]
    [InlineData("551123456789")] // a landline of São Paulo: with a 9 before it, it is somebody's mobile
    [InlineData("5511923456789")]
    [InlineData("447911123456")]
    [InlineData("550000")]
    public void Other_numbers_are_what_they_are(string digits)
    {
        NumberForms.Key(digits).ShouldBe(digits);
        NumberForms.Of(digits)[0].ShouldBe(digits);
    }
}

public sealed class ContactPropertiesTests
{
    [Fact]
    public void A_name_is_written_in_the_order_of_its_script()
    {
        new ContactProperties("田中", "結衣").Name.ShouldBe("田中 結衣");
        new ContactProperties("김", "민준").Name.ShouldBe("김 민준");
        new ContactProperties("Ek", "Bo").Name.ShouldBe("Bo Ek");
        new ContactProperties(GivenName: "Bo").Name.ShouldBe("Bo");
        new ContactProperties().Name.ShouldBeNull();
    }

    [Fact]
    public void A_contact_stands_by_its_reading_else_its_name_and_unnamed_numbers_come_last()
    {
        string[] order =
        [
            new ContactProperties("Ek", "Bo").SortKey(null),
            new ContactProperties("安倍", "晴", "あべ", "はる").SortKey("zzz"),
            new ContactProperties().SortKey("うみ"),
            new ContactProperties("田中").SortKey(null),
            new ContactProperties(Phone: "+1").SortKey(null),
        ];
        order.ShouldBe(order.Order(StringComparer.Ordinal));
    }
}
